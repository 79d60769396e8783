//! `map`: a mapping proposed from a sample.

use std::path::PathBuf;

use clap::Args;
use hub_domain::Dataset;
use serde_json::json;

use super::given::unreadable;
use super::{Done, Screen, Stop};
use crate::mapping::{Proposal, propose, render};
use crate::source::Input;

/// What `map` is told.
#[derive(Debug, Args)]
pub(super) struct Map {
    /// The spreadsheet or CSV file: the one that will be sent each night, or a copy of its first hundred rows.
    file: PathBuf,
    /// In whose terms: vacancies, searches, fostering, quality, admissions, care_leavers; or placements, for cost, route and
    /// distance reason by child and start.
    #[arg(long, value_name = "NAME")]
    contract: Dataset,
    /// The sheet of a workbook, where several would do.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Write the mapping to this file, which must not be there yet, and not to the screen.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Prints the proposal, or writes it.
pub(super) fn run(map: &Map, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let input = Input::read(&map.file).map_err(|error| unreadable(&map.file, error))?;
    let mut findings = Vec::new();
    let mut proposals = propose(&input, map.contract, &mut findings);
    if let Some(sheet) = &map.sheet {
        proposals.retain(|proposal| proposal.table.ends_with(&format!("[{sheet}]")));
    }
    // The table that answers most of the contract; of equals the first.
    let best = proposals.into_iter().rev().max_by_key(|proposal| proposal.guesses.len());
    let Some(proposal) = best else {
        write!(screen.out, "{}", crate::report::render_findings(&findings))?;
        let contract = map.contract;
        writeln!(screen.out, "No table of {} looks like {contract}: no two headings are alike.", input.name)?;
        return Ok(Done::Findings);
    };
    if screen.json {
        writeln!(screen.out, "{:#}", describe(&proposal))?;
        return Ok(Done::Good);
    }
    let Some(path) = &map.out else {
        write!(screen.out, "{}", render(&proposal))?;
        return Ok(Done::Good);
    };
    if path.exists() {
        return Err(Stop::Usage(format!("{} is already there; map overwrites nothing", path.display())));
    }
    let fault = |source| Stop::Io { what: format!("{} cannot be written", path.display()), source };
    std::fs::write(path, render(&proposal)).map_err(fault)?;
    let (found, unused) = (proposal.guesses.len(), proposal.unused.len());
    writeln!(
        screen.out,
        "{}: {found} columns found in {}, {unused} headings stay here.",
        path.display(),
        proposal.table
    )?;
    for (name, _) in &proposal.missing {
        writeln!(screen.out, "  not found, and asked for: {name}")?;
    }
    writeln!(screen.out, "Read it and correct it; then: hub-agent validate FILE --mapping {}", path.display())?;
    Ok(Done::Good)
}

fn describe(proposal: &Proposal) -> serde_json::Value {
    let guesses: Vec<_> = proposal
        .guesses
        .iter()
        .map(|guess| json!({ "column": guess.column, "why": guess.why, "words": guess.words }))
        .collect();
    let missing: Vec<&String> = proposal.missing.iter().map(|(name, _)| name).collect();
    json!({
        "table": proposal.table,
        "contract": proposal.dataset,
        "rows": proposal.rows,
        "guesses": guesses,
        "missing": missing,
        "unused": proposal.unused,
        "mapping": render(proposal),
    })
}
