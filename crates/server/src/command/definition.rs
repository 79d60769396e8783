//! `definition`: what each published figure means, and two versions of one side by side.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_pipeline::publish::version_of;
use hub_sufficiency::{
    Compared, Definition as Defined, Printed, compare, definitions, definitions_page, find_definition,
    find_definition_version,
};
use serde_json::{Value, json};

use super::office::{Office, parse_authority};
use super::question::cell;
use super::{Global, Stop};
use crate::screen::{Answer, table};

#[derive(Debug, Subcommand)]
pub(super) enum Definition {
    /// List every definition in every version, those in force first.
    List,
    /// Show one: the version in force, or the one asked for.
    Show(Show),
    /// Compute two versions from one authority's own records as they are believed now, row by row beside each other.
    Compare(Compare),
    /// Print the reference page of the definitions (Markdown).
    Page,
}

/// What `definition show` is told.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Its id, such as market_gaps.
    id: String,
    /// An earlier version.
    #[arg(long, value_name = "N")]
    version: Option<u32>,
}

/// What `definition compare` is told.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Its id, such as market_gaps.
    id: String,
    /// Whose records. Both tables are exact, and for this authority alone.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: AuthorityCode,
    /// The earlier version [default: the one before the one in force].
    #[arg(long, value_name = "N")]
    from: Option<u32>,
    /// The later [default: the one in force].
    #[arg(long, value_name = "N")]
    to: Option<u32>,
    /// Only rows in which the two differ.
    #[arg(long)]
    changed: bool,
}

pub(super) async fn run(command: Definition, global: &Global) -> Result<Answer, Stop> {
    match command {
        Definition::List => list(),
        Definition::Page => Ok(Answer::text(definitions_page())),
        Definition::Show(asked) => show(&asked),
        Definition::Compare(asked) => side_by_side(&asked, global).await,
    }
}

fn in_force(id: &str) -> Result<&'static Defined, Stop> {
    find_definition(id)
        .ok_or_else(|| Stop::Refused(format!("there is no definition {id}: `hub definition list` lists them")))
}

fn list() -> Result<Answer, Stop> {
    let all: Vec<&Defined> = definitions().collect();
    let stands = |one: &Defined| if find_definition(one.id) == Some(one) { "in force" } else { "replaced" };
    let row = |one: &&Defined| {
        vec![
            one.id.to_owned(),
            one.version.to_string(),
            stands(one).to_owned(),
            one.unit.to_owned(),
            one.title.to_owned(),
        ]
    };
    Answer::list(&["id", "version", "stands", "one is", "title"], &all, row)
}

fn show(asked: &Show) -> Result<Answer, Stop> {
    let current = in_force(&asked.id)?;
    let wanted = asked.version.unwrap_or(current.version);
    let found = find_definition_version(&asked.id, wanted).ok_or_else(|| none(&asked.id, wanted))?;
    let stands = if found.version == current.version {
        "in force".to_owned()
    } else {
        format!("replaced by {}", current.version)
    };
    let mut text = format!("{}\n{}, version {}, {stands}\n\n{}\n\n", found.title, found.id, found.version, found.words);
    // Writing to a string does not fail.
    for (name, words) in found.parts().into_iter().filter(|(_, words)| !words.is_empty()) {
        let _ = writeln!(text, "{name}: {words}");
    }
    for variant in found.variants {
        let _ = writeln!(text, "Variant {}: {}", variant.id, variant.words);
    }
    for vector in found.vectors {
        let _ = writeln!(text, "Tested: {}", vector.shows);
    }
    Answer::new(text, found)
}

fn none(id: &str, version: u32) -> Stop {
    Stop::Refused(format!("{id} has no version {version}: `hub definition list` lists them"))
}

async fn side_by_side(asked: &Compare, global: &Global) -> Result<Answer, Stop> {
    let current = in_force(&asked.id)?;
    let to = asked.to.unwrap_or(current.version);
    let from = match asked.from {
        Some(from) => from,
        None => definitions()
            .filter(|one| one.id == current.id && one.version < to)
            .map(|one| one.version)
            .max()
            .ok_or_else(|| Stop::Refused(format!("{} has one version: there is none to set beside it", current.id)))?,
    };
    let office = Office::open(global).await?;
    let mut printed = Vec::new();
    for version in [from, to] {
        let made = version_of(&office.hub, asked.authority, current.id, version).await?;
        let made = made.ok_or_else(|| none(current.id, version))?;
        printed.push(Printed::read(&made.json).map_err(anyhow::Error::from)?);
    }
    let [before, after] = printed.as_slice() else { return Err(none(current.id, to)) };
    let mut compared = compare(before, after);
    if asked.changed {
        compared.rows.retain(|row| row.figures.iter().any(|(_, before, after)| before != after));
    }
    let text =
        format!("{}, version {from} and version {to}, of {}\n\n{}", current.id, asked.authority, shown(&compared));
    Answer::new(
        text,
        json!({ "id": current.id, "authority": asked.authority, "from": from, "to": to, "compared": compared }),
    )
}

/// Both figures of each measure, an arrow between; one where they are alike.
fn shown(compared: &Compared) -> String {
    let columns: Vec<&str> = compared.dimensions.iter().chain(&compared.measures).map(String::as_str).collect();
    let both = |before: &Value, after: &Value| {
        let (before, after) = (cell(Some(before)), cell(Some(after)));
        if before == after { after } else { format!("{before} → {after}") }
    };
    let rows = compared.rows.iter().map(|row| {
        let figures = row.figures.iter().map(|(_, before, after)| both(before, after));
        row.labels.iter().cloned().chain(figures).collect()
    });
    let mut text = table(&columns, &rows.collect::<Vec<Vec<String>>>());
    if !compared.alone.is_empty() {
        let _ = writeln!(text, "\nIn one of the two alone: {}.", compared.alone.join(", "));
    }
    text
}
