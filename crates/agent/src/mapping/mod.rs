//! A borough's own spreadsheet in a contract's terms: which of its columns is which, and its words for their codes.
//!
//! A mapping is a small file that people read and correct; `hub-agent map` proposes one. It is laid over any table that
//! has its headings, whatever the file is called, before anything else looks at the table.

mod apply;
mod propose;
mod read;
mod render;
mod words;

use hub_domain::Dataset;

pub(crate) use apply::With;
pub use propose::{Guess, Proposal, propose};
pub use read::MappingError;
pub use render::render;

/// Columns of a mapping beside the contract's own, by what the agent makes of them.
const BESIDE: &[(&str, &str)] = &[
    ("child", "the child's number in the case system; it goes out as child_ref, a pseudonym"),
    ("start", "the day the episode began (DECOM); with child it says which episode the row is about"),
    ("sibling_group", "the siblings' number; it goes out as sibling_group_ref, a pseudonym"),
    ("dob", "a date of birth; it goes out as a month or an age"),
    ("postcode", "a full postcode; it goes out as a sector"),
];

/// One mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The mapping's own name, for messages: its file's.
    pub name: String,
    /// Whose contract the table is in the terms of.
    pub dataset: Dataset,
    /// The columns that are made, in the file's order.
    pub(crate) columns: Vec<Made>,
}

/// One column that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    /// The contract's name for it.
    pub(crate) name: String,
    /// How.
    pub(crate) rule: Rule,
}

/// How a column is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// From the first of these headings that is filled; else `otherwise`.
    Copy {
        /// The table's headings.
        from: Vec<String>,
        /// The table's words, without case and punctuation, and the contract's codes for them.
        codes: Vec<(String, String)>,
        /// What to write where the cell is blank.
        otherwise: String,
    },
    /// The authority that the postcode under this heading lies in.
    AuthorityOf(String),
    /// Miles between the postcodes under two headings.
    MilesBetween(String, String),
    /// The setting's token from the headings of its URN and its full postcode: the one that the placements have for it.
    SettingOf(String, String),
}

impl Rule {
    /// Every heading that the rule may read.
    fn headings(&self) -> Vec<&str> {
        if let Self::Copy { from, .. } = self {
            return from.iter().map(String::as_str).collect();
        }
        self.needs()
    }

    /// The headings that the rule cannot do without: every one of a sum, any of a choice.
    fn needs(&self) -> Vec<&str> {
        match self {
            Self::Copy { from, .. } => from.first().map(String::as_str).into_iter().collect(),
            Self::AuthorityOf(heading) => vec![heading],
            Self::MilesBetween(first, second) | Self::SettingOf(first, second) => vec![first, second],
        }
    }
}

/// The columns that a mapping for this dataset may make: the contract's, and what the agent works others out from.
fn targets(dataset: Dataset) -> Vec<(String, String)> {
    let contract = hub_contract::contract(dataset);
    let beside = BESIDE.iter().filter(|(name, _)| match *name {
        "child" => contract.position("child_ref").is_some() || contract.position("person_ref").is_some(),
        "start" => dataset == Dataset::Placements,
        "sibling_group" => contract.position("sibling_group_ref").is_some(),
        "dob" => contract.position("age").is_some() || contract.position("birth_month").is_some(),
        _ => contract.position("setting_sector").is_some(),
    });
    let columns = contract.columns.iter().map(|column| (column.name.clone(), column.note.clone()));
    beside.map(|(name, note)| ((*name).to_owned(), (*note).to_owned())).chain(columns).collect()
}
