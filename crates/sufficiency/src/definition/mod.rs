//! What each published table means. A changed meaning is a new version, never an edit: the old one stays beside it and
//! can still be computed.

mod page;

use hub_disclosure::{DefinitionRef, Table};
use hub_domain::Dataset;
use serde::Serialize;

pub use self::page::definitions_page;
use crate::asked::Asked;

/// One indicator, in words exact enough to compute it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Stable id; the name of the table it defines.
    pub id: &'static str,
    /// Counted from one.
    pub version: u32,
    /// What it is called.
    pub title: &'static str,
    /// Plain words for people who will read the figure.
    pub words: &'static str,
    /// Who or what is counted.
    pub cohort: &'static str,
    /// What a figure counts; of a share or rate, what is above the line.
    pub numerator: &'static str,
    /// What is below the line; empty where the figure is a count by itself.
    pub denominator: &'static str,
    /// The day or the days that are looked at.
    pub window: &'static str,
    /// Which bands of age, and age on which day; `none` where ages are not told apart.
    pub banding: &'static str,
    /// Readings that stand side by side, each named in the table; empty where there is one.
    pub variants: &'static [Variant],
    /// Where the rule comes from: strategy, DfE, regulation, ruling by number.
    pub source: &'static str,
    /// The datasets it is computed from.
    pub datasets: &'static str,
    /// What one is.
    pub unit: &'static str,
    /// How figures are rounded.
    pub rounding: &'static str,
    /// Who answers for it.
    pub owner: &'static str,
    /// What it does not say.
    pub limits: &'static str,
    /// Records and the figures they must give.
    pub vectors: &'static [Vector],
}

/// One of several readings of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// How the table names it.
    pub id: &'static str,
    /// What it is.
    pub words: &'static str,
}

/// A test that anybody can repeat: these records, and no others, on that day give these figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Vector {
    /// What it shows.
    pub shows: &'static str,
    /// The day of the release, `YYYY-MM-DD`.
    pub as_at: &'static str,
    /// The records, believed and nothing else.
    pub given: &'static [Given],
    /// What the table must say.
    pub expect: &'static [Expect],
}

/// A believed record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Given {
    /// Its dataset.
    pub dataset: &'static str,
    /// The authority that sent it.
    pub authority: &'static str,
    /// A JSON object by the names of the contract's columns; money in pence; a column left out is blank.
    pub record: &'static str,
}

/// A figure that must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Expect {
    /// Labels of the row, in the order of its columns, those that are not needed to find it left out.
    pub row: &'static [&'static str],
    /// The measure.
    pub measure: &'static str,
    /// The figure.
    pub value: i64,
}

/// A definition and the code that computes it: what a family's file lists, and all that it takes to add one.
#[derive(Clone, Copy)]
pub(crate) struct Indicator {
    pub(crate) definition: &'static Definition,
    /// `None` where it is asked for on its own and no table of a release.
    pub(crate) table: Option<Compute>,
}

/// Makes a table, unprotected. Versions whose code is alike share it, hence the definition.
pub(crate) type Compute = fn(&Definition, &Asked<'_>) -> Table;

impl Definition {
    /// A definition that says nothing, to be filled.
    pub(crate) const BLANK: Self = Self {
        id: "",
        version: 1,
        title: "",
        words: "",
        cohort: "",
        numerator: "",
        denominator: "",
        window: "",
        banding: "none",
        variants: &[],
        source: "",
        datasets: "",
        unit: "",
        rounding: UNROUNDED,
        owner: OWNER,
        limits: "",
        vectors: &[],
    };

    /// Whether it is computed from a dataset, alone or with others.
    pub fn rests_on(&self, dataset: Dataset) -> bool {
        self.datasets.split([',', ';']).any(|named| named.trim() == dataset.as_str())
    }

    /// How a row refers to this definition.
    pub fn reference(&self) -> DefinitionRef {
        DefinitionRef { id: self.id.to_owned(), version: self.version, vintage: None }
    }

    /// The same of a figure over an outside denominator, such as a population estimate of a named date.
    pub fn reference_over(&self, vintage: &str) -> DefinitionRef {
        DefinitionRef { vintage: Some(vintage.to_owned()), ..self.reference() }
    }
}

impl Given {
    /// A placement of Lewisham's.
    pub(crate) const fn placement(record: &'static str) -> Self {
        Self { dataset: "placements", authority: "E09000023", record }
    }
}

pub(crate) const UNROUNDED: &str = "None: whole counts. Counts from 1 to 4 are hidden, with others beside them.";
pub(crate) const OWNER: &str = "Regional commissioning lead";
pub(crate) const LOOKED_AFTER: &str = "Children with an episode of care open on the day (start <= day < end), agreed \
                                       series of short breaks (legal status V3, V4) left out, each child once per \
                                       authority.";
