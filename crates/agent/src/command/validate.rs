//! `validate`: what the hub would say, without the hub.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_contract::{Format, contract};
use hub_domain::{AuthorityCode, Dataset, Date};

use super::cost::Cost;
use super::document::Document;
use super::given::{Given, parse_day, today};
use super::{Done, Screen, Stop};
use crate::check;
use crate::keys;
use crate::prepare::{Options, Preparation, PrepareError, prepare};
use crate::pseudonym::PseudonymKey;
use crate::report::{Length, render_feed, render_files, render_returned, write_findings_csv};
use crate::returned::Returned;
use crate::settings::{Settings, SettingsError};
use crate::source::Input;

/// What `validate` is told.
#[derive(Debug, Args)]
pub(super) struct Validate {
    #[command(flatten)]
    given: Given,
    /// The day the files describe; today when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    as_at: Option<Date>,
    /// Judge each file as it stands by this contract (placements, vacancies, searches, quality, admissions, regulator,
    /// fostering, care_leavers), exactly as the hub would: nothing is recognised, joined or mended.
    #[arg(long, value_name = "NAME")]
    contract: Option<Dataset>,
    /// Write every finding, with file and line, to this CSV file.
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// Write the feeds to this folder: exactly what would leave the borough.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Say at the end what it cost this machine: CPU seconds and peak memory (Linux).
    #[arg(long)]
    cost: bool,
}

/// Who the files belong to, and the key, as far as they are known offline.
pub(super) struct Known {
    pub(super) authority: AuthorityCode,
    pub(super) key: PseudonymKey,
    pub(super) postcodes: Option<PathBuf>,
    pub(super) mappings: Vec<PathBuf>,
    /// True when the key is one for this run alone.
    is_passing: bool,
}

/// Judges the files and prints the report.
pub(super) fn run(validate: &Validate, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let inputs = validate.given.read()?;
    let as_at = validate.as_at.unwrap_or_else(today);
    let known = find_out(&screen.config, validate.given.authority)?;
    if let Some(dataset) = validate.contract {
        return judge_as_is(dataset, &inputs, &known, as_at, validate, screen);
    }
    let preparation = prepare(&inputs, &options(&validate.given, &known, as_at)?)?;
    if let Some(path) = &validate.findings {
        save_findings(&preparation, path)?;
    }
    if let Some(folder) = &validate.out {
        save_feeds(&preparation, folder)?;
    }
    let cost = if validate.cost { Cost::so_far() } else { None };
    if screen.json {
        let mut document = Document::of(&preparation);
        document.cost = cost;
        document.print(screen)?;
    } else {
        show(&preparation, validate.given.length(), screen)?;
        if let Some(cost) = &cost {
            writeln!(screen.out, "\n{:.2} s of CPU, {:.0} MiB of memory at most", cost.cpu_seconds, cost.peak_mib)?;
        }
        if known.is_passing && validate.out.is_some() {
            writeln!(
                screen.out,
                "\nThere is no settings file, so the references are from a key made for this run alone."
            )?;
        }
    }
    Ok(if preparation.has_errors() || preparation.feeds.is_empty() { Done::Findings } else { Done::Good })
}

/// Everything in `preparation` as text.
pub(super) fn show(preparation: &Preparation, length: Length, screen: &mut Screen<'_>) -> Result<(), Stop> {
    write!(screen.out, "{}", render_files(preparation))?;
    for feed in &preparation.feeds {
        write!(screen.out, "\n{}", render_feed(feed, length))?;
    }
    if let Some(returned) = &preparation.returned {
        write!(screen.out, "\n{}", render_returned(returned, length))?;
    }
    Ok(())
}

/// The options that the command line and the settings come to.
pub(super) fn options(given: &Given, known: &Known, as_at: Date) -> Result<Options, Stop> {
    Ok(Options {
        authority: known.authority,
        as_at,
        mode: given.mode,
        covers_from: given.covers_from,
        key: known.key.clone(),
        postcodes: given.postcodes.clone().or_else(|| known.postcodes.clone()),
        mappings: given.mappings(&known.mappings)?,
    })
}

/// Settings if there are any; without them a key for this run alone, which tells the same faults.
fn find_out(config: &Path, authority: Option<AuthorityCode>) -> Result<Known, Stop> {
    match Settings::read(config) {
        Ok(settings) => Ok(Known {
            authority: authority.unwrap_or(settings.authority),
            key: settings.pseudonyms()?,
            postcodes: settings.postcodes,
            mappings: settings.mappings,
            is_passing: false,
        }),
        Err(SettingsError::Missing(_)) => {
            let secret = keys::new_pseudonym_key().map_err(SettingsError::from)?;
            let key = keys::parse_pseudonym_key(&secret).map_err(SettingsError::from)?;
            Ok(Known {
                authority: authority.unwrap_or_default(),
                key,
                postcodes: None,
                mappings: Vec::new(),
                is_passing: true,
            })
        }
        Err(error) => Err(error.into()),
    }
}

impl Known {
    /// What the settings say, for a command that cannot do without them.
    pub(super) fn from_settings(settings: &Settings, authority: Option<AuthorityCode>) -> Result<Self, Stop> {
        Ok(Self {
            authority: authority.unwrap_or(settings.authority),
            key: settings.pseudonyms()?,
            postcodes: settings.postcodes.clone(),
            mappings: settings.mappings.clone(),
            is_passing: false,
        })
    }
}

/// The hub's own report on each file, word for word.
fn judge_as_is(
    dataset: Dataset,
    inputs: &[Input],
    known: &Known,
    as_at: Date,
    validate: &Validate,
    screen: &mut Screen<'_>,
) -> Result<Done, Stop> {
    let mut settings = hub_contract::Settings::full(known.authority, as_at);
    settings.mode = validate.given.mode;
    settings.covers_from = validate.given.covers_from;
    let mut done = Done::Good;
    for input in inputs {
        let ending = input.name.rsplit('.').find(|part| !matches!(*part, "gz" | "zst")).unwrap_or("csv");
        let format = ending.parse().unwrap_or(Format::Csv);
        let report = check::check(contract(dataset), &settings, format, &input.bytes).map_err(PrepareError::from)?;
        if report.has_errors() {
            done = Done::Findings;
        }
        if screen.json {
            let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?;
            writeln!(screen.out, "{text}")?;
        } else {
            write!(screen.out, "{}", report.render_text())?;
        }
    }
    Ok(done)
}

fn save_findings(preparation: &Preparation, path: &Path) -> Result<(), Stop> {
    let save = || {
        let file = std::fs::File::create(path)?;
        let all = preparation.findings.iter().chain(preparation.feeds.iter().flat_map(|feed| &feed.findings));
        let of_return = preparation.returned.iter().flat_map(Returned::findings);
        write_findings_csv(all.cloned().chain(of_return), std::io::BufWriter::new(file))
    };
    save().map_err(|source| Stop::Io { what: format!("{} cannot be written", path.display()), source })
}

fn save_feeds(preparation: &Preparation, folder: &Path) -> Result<(), Stop> {
    let save = || {
        std::fs::create_dir_all(folder)?;
        preparation
            .feeds
            .iter()
            .try_for_each(|feed| std::fs::write(folder.join(format!("{}.csv", feed.dataset)), &feed.csv))
    };
    save().map_err(|source| Stop::Io { what: format!("the folder {} cannot be written", folder.display()), source })
}
