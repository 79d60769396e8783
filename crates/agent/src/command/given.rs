//! The files and dates that `validate` and `push` are given alike.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::{AuthorityCode, Clock, Date, Mode, SystemClock, london_date};

use super::Stop;
use crate::mapping::Mapping;
use crate::report::Length;
use crate::source::{Input, Reading, date};

/// Files and what they are said to be.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// Files of the return (header, episodes, uasc, oc3 and the rest as CSV, its XML, or a workbook of them) and of the other
    /// feeds, in any order and under any name; a folder stands for the files in it. Of several years, every year's files.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// What the return does not carry: child, start, placement_la, distance_miles, weekly_cost, route,
    /// planned, emergency, distance_reason, approver_role, approved_on, registration…
    #[arg(long, value_name = "FILE")]
    extract: Vec<PathBuf>,
    /// A mapping that `hub-agent map` proposed and somebody has read: it is laid over the table whose headings it names.
    #[arg(long, value_name = "FILE")]
    mapping: Vec<PathBuf>,
    /// A postcode directory, for host authority and distance: ONSPD, NSPL or Code-Point Open, or the folder of its files.
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

    /// Reads the files. Two of one name are told apart by their folders.
    pub(super) fn read(&self) -> Result<Vec<Input>, Stop> {
        let mut paths = Vec::new();
        for path in self.files.iter().chain(&self.extract) {
            paths.extend(tables(path)?);
        }
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_twice = |path: &Path| paths.iter().filter(|other| name(other) == name(path)).count() > 1;
        let mut inputs = Vec::new();
        for path in &paths {
            let mut input = Input::read(path).map_err(|error| unreadable(path, error))?;
            if is_twice(path)
                && let Some(folder) = path.parent().and_then(name)
            {
                input.name = format!("{folder}/{}", input.name);
            }
            inputs.push(input);
        }
        Ok(inputs)
    }

    /// Reads the mappings, those of the settings after those that were named.
    pub(super) fn mappings(&self, settings: &[PathBuf]) -> Result<Vec<Mapping>, Stop> {
        let read = |path: &PathBuf| Mapping::read(path).map_err(Stop::from);
        self.mapping.iter().chain(settings).map(read).collect()
    }
}

/// A file that is not there was named wrongly, as the hub's own `validate` says; any other is this machine's fault.
pub(super) fn unreadable(path: &Path, source: std::io::Error) -> Stop {
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

/// Endings of the files that are taken from a folder.
const ENDINGS: [&str; 7] = ["csv", "txt", "xml", "xlsx", "xlsb", "xls", "ods"];

/// The file itself, or the tables of a folder by name.
fn tables(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let fault = |source| Stop::Io { what: format!("the folder {} cannot be read", path.display()), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(fault)? {
        let file = entry.map_err(fault)?.path();
        // `~$…` is what Excel leaves beside a file that somebody has open.
        let is_lock = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) && !is_lock {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Stop::Usage(format!("there is no CSV, XML, XLSX or ODS file in {}", path.display())));
    }
    Ok(files)
}
