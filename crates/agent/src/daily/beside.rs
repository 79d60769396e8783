//! What the payload does not carry: a CSV with `child`, perhaps `start`, and columns of the placements contract.

use std::collections::BTreeMap;
use std::fmt;

use hub_contract::contract;
use hub_domain::Dataset;

/// Columns that are the payload's own, or made here: a file beside it may not say otherwise.
const OWN: [&str; 10] = [
    "child_ref",
    "episode_start",
    "episode_end",
    "birth_month",
    "reason_new_episode",
    "placement_type",
    "reason_ceased",
    "reason_place_change",
    "placement_sector",
    "setting_ref",
];

/// What the payload does not carry, by child, or by child and first day.
#[derive(Default)]
pub struct Beside(BTreeMap<(String, String), BTreeMap<&'static str, String>>);

/// The file beside the payload cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BesideError {
    /// It is no CSV.
    #[error("it cannot be read as CSV")]
    Csv(#[from] csv::Error),
    /// There is no column `child`.
    #[error("it has no column child: the case system's number of the child")]
    NoChild,
    /// A column is not one that may stand there.
    #[error("column {0} is not one of the placements contract that the payload leaves open")]
    Column(usize),
}

impl Beside {
    /// Reads the file: `child`, `start` where a line is about one placement, and columns of the contract.
    pub fn read(text: &str) -> Result<Self, BesideError> {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let headings: Vec<String> =
            reader.headers()?.iter().map(|heading| heading.trim().to_ascii_lowercase()).collect();
        let child = headings.iter().position(|heading| heading == "child").ok_or(BesideError::NoChild)?;
        let start = headings.iter().position(|heading| heading == "start");
        let mut columns: Vec<(usize, &'static str)> = Vec::new();
        for (at, heading) in headings.iter().enumerate().filter(|(at, _)| *at != child && Some(*at) != start) {
            let known = &contract(Dataset::Placements).columns;
            let column = known.iter().find(|column| column.name == *heading && !OWN.contains(&heading.as_str()));
            columns.push((at, column.map(|column| column.name.as_str()).ok_or(BesideError::Column(at + 1))?));
        }
        let mut all = BTreeMap::new();
        for record in reader.records() {
            let record = record?;
            let cell = |at: usize| record.get(at).unwrap_or_default().trim();
            let filled = columns.iter().filter(|(at, _)| !cell(*at).is_empty());
            let cells = filled.map(|(at, name)| (*name, cell(*at).to_owned())).collect();
            all.insert((cell(child).to_owned(), start.map_or("", cell).to_owned()), cells);
        }
        Ok(Self(all))
    }

    /// What is said of a placement: of it by its first day, else of its child.
    pub(super) fn find<'s>(&'s self, child: &str, start: &str, column: &str) -> Option<&'s str> {
        let of = |start: &str| self.0.get(&(child.to_owned(), start.to_owned()))?.get(column).map(String::as_str);
        of(start).or_else(|| of(""))
    }
}

impl fmt::Debug for Beside {
    /// How many lines, and nothing of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Beside({} lines)", self.0.len())
    }
}
