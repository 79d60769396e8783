//! The files and dates that `validate` and `push` are given alike.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::{AuthorityCode, Clock, Date, Mode, SystemClock, london_date};

use super::Stop;
use crate::report::Length;
use crate::source::{Input, Reading, date};

/// Files and what they are said to be.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// CSV files of the return (header, episodes, uasc…) and of the other feeds, in any order and under any
    /// name; a folder stands for the CSV files in it. Of two years' returns, give the older first.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// What the return does not carry: child, start, placement_la, distance_miles, weekly_cost, route,
    /// planned, emergency, distance_reason, approver_role, approved_on, registration…
    #[arg(long, value_name = "FILE")]
    extract: Vec<PathBuf>,
    /// A postcode directory with ONS headings (pcds, lat, long, laua), for host authority and distance.
    #[arg(long, value_name = "FILE")]
    pub(super) postcodes: Option<PathBuf>,
    /// Whose feeds these are, when it is not the authority of the settings.
    #[arg(long, value_name = "CODE")]
    pub(super) authority: Option<AuthorityCode>,
    /// How much the files cover: full, window or changes.
    #[arg(long, default_value = "full")]
    pub(super) mode: Mode,
    /// From when a window covers: everything open, or ended on or after this day.
    #[arg(long, value_name = "DATE", value_parser = parse_day, required_if_eq("mode", "window"))]
    pub(super) covers_from: Option<Date>,
    /// Show every kind of warning at length, not only the commonest.
    #[arg(long)]
    all: bool,
}

impl Given {
    /// How much of the report is wanted.
    pub(super) const fn length(&self) -> Length {
        if self.all { Length::All } else { Length::Usual }
    }

    /// Reads the files.
    pub(super) fn read(&self) -> Result<Vec<Input>, Stop> {
        let mut inputs = Vec::new();
        for path in self.files.iter().chain(&self.extract) {
            for path in csv_files(path)? {
                inputs.push(Input::read(&path).map_err(|error| unreadable(&path, error))?);
            }
        }
        Ok(inputs)
    }
}

/// A file that is not there was named wrongly, as the hub's own `validate` says; any other is this machine's fault.
fn unreadable(path: &Path, source: std::io::Error) -> Stop {
    if source.kind() == std::io::ErrorKind::NotFound {
        return Stop::Usage(format!("there is no file {}", path.display()));
    }
    Stop::Io { what: format!("{} cannot be read", path.display()), source }
}

/// A date as `YYYY-MM-DD` or `dd/mm/yyyy`.
pub(super) fn parse_day(text: &str) -> Result<Date, String> {
    match date(text.trim()) {
        Reading::Is(day) => Ok(day),
        Reading::Blank | Reading::Unreadable => Err("give a date as YYYY-MM-DD or dd/mm/yyyy".to_owned()),
    }
}

/// Today in London.
pub(super) fn today() -> Date {
    london_date(SystemClock.now())
}

/// The file itself, or the CSV files of a folder by name.
fn csv_files(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let fault = |source| Stop::Io { what: format!("the folder {} cannot be read", path.display()), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(fault)? {
        let file = entry.map_err(fault)?.path();
        if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Stop::Usage(format!("there is no CSV file in {}", path.display())));
    }
    Ok(files)
}
