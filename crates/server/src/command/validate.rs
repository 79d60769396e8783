//! `validate`: what the hub would say of a file. The report is the one that `hub-agent validate --contract` prints.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};

use clap::Args;
use hub_contract::{Contract, Encoding, Failure, Format, Limits, Report, Settings, door, open};
use hub_domain::{AuthorityCode, Date, Mode};

use super::Stop;
use super::contract::choose;
use super::office::{parse_authority, parse_date, today};
use crate::screen::Answer;

/// What `validate` is told.
#[derive(Debug, Args)]
pub(super) struct Validate {
    /// The file: CSV or NDJSON, gzip or zstd where it is compressed.
    file: PathBuf,
    /// The contract to judge it by: placements, vacancies, searches, quality, admissions, regulator, fostering or care_leavers;
    /// or the file of one.
    #[arg(long, value_name = "NAME or FILE")]
    contract: String,
    /// The day the file describes; today when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_at: Option<Date>,
    /// Whose feed it is; rules about borders need to know.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
    /// How much it covers: full, window or changes.
    #[arg(long, default_value = "full")]
    mode: Mode,
    /// From when a window covers.
    #[arg(long, value_name = "DATE", value_parser = parse_date, required_if_eq("mode", "window"))]
    covers_from: Option<Date>,
}

/// Judges the file; exit 1 when there are errors, or when it would be refused at the door.
pub(super) fn run(asked: &Validate) -> Result<Answer, Stop> {
    let chosen = choose(&asked.contract)?;
    let settings = Settings {
        mode: asked.mode,
        covers_from: asked.covers_from.filter(|_| asked.mode == Mode::Window),
        ..Settings::full(asked.authority.unwrap_or_default(), asked.as_at.unwrap_or_else(today))
    };
    let cannot = |error: io::Error| {
        if error.kind() == io::ErrorKind::NotFound {
            return Stop::Usage(format!("there is no file {}", asked.file.display()));
        }
        Stop::Fault(anyhow::Error::from(error).context(format!("{} cannot be read", asked.file.display())))
    };
    let file = File::open(&asked.file).map_err(cannot)?;
    let report = judge(&chosen, &settings, format_of(&asked.file), file).map_err(cannot)?;
    let is_good = !report.has_errors();
    Ok(Answer::new(report.render_text(), &report)?.judged(is_good))
}

/// First the door, then every rule, as when it is submitted; the file is read twice and never held whole.
pub(super) fn judge(contract: &Contract, settings: &Settings, format: Format, mut file: File) -> io::Result<Report> {
    let look = |file: &mut File| -> Result<Report, Failure> {
        door(contract, format, plain(&*file)?)?;
        file.rewind()?;
        Ok(hub_contract::validate(contract, settings, format, plain(&*file)?, &mut |_| Ok(()))?.report)
    };
    match look(&mut file) {
        Ok(report) => Ok(report),
        Err(Failure::Refused(refusal)) => Ok(Report::refused(contract, settings, format, refusal)),
        Err(Failure::Read(error) | Failure::Sink(error)) => Err(error),
    }
}

fn plain(file: &File) -> io::Result<Box<dyn Read + Send + '_>> {
    open(file, None, Encoding::Utf8, Limits::default())
}

/// The format that the file's ending names, compression's own aside; CSV where it names none.
pub(super) fn format_of(path: &Path) -> Format {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = name.rsplit('.').find(|part| !matches!(*part, "gz" | "zst")).unwrap_or("csv");
    ending.parse().unwrap_or(Format::Csv)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_read_from_the_ending() {
        let table = [
            ("a.csv", Format::Csv),
            ("a.csv.gz", Format::Csv),
            ("a.ndjson.zst", Format::Ndjson),
            ("a.jsonl", Format::Ndjson),
            ("a", Format::Csv),
        ];
        for (name, format) in table {
            assert_eq!(format_of(Path::new(name)), format, "{name}");
        }
    }
}
