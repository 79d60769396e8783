//! The questions commissioners ask of the market: seventeen of them, each by number and by name, each a query over the
//! published tables of a release, or a word on the data that is missing. Tables made for a question go through the gate
//! with all others of their release, so that no two of them give away what each hides; a query reads them back from what
//! was published, and nothing else.

mod answer;
mod asked;
mod care;
mod demand;
mod page;
mod purchase;
mod supply;

use hub_disclosure::{Cube, Dimension, Rename, Table};
use serde::Serialize;

use crate::area::ALL;
use crate::asked::Asked;
use crate::definition::{Compute, Definition};

pub use self::answer::Answered;
pub use self::asked::questions;
pub(crate) use self::demand::{Recurring, found as recurring};
pub use self::page::{Worked, questions_page};
pub(crate) use self::purchase::{Beside, found as beside_framework};

/// A question by number.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Question {
    /// From 1 to 17.
    pub number: u8,
    /// Its name in addresses and commands: lower case, hyphens.
    pub id: &'static str,
    /// The question.
    pub words: &'static str,
    /// How to read the answer.
    pub how: &'static str,
    /// Published tables that answer it, the first first; none where the data is missing.
    pub readings: &'static [Reading],
    /// Where else the hub answers a part of it: addresses of its API.
    pub routes: &'static [&'static str],
    /// What the answer leaves open for want of data; empty where nothing.
    pub missing: &'static str,
    /// What the figures of the table made for it mean; `None` where other tables answer it, or the data is missing.
    pub table: Option<Definition>,
    #[serde(skip)]
    pub(crate) compute: Option<Compute>,
}

/// A published table, or the rows of one, that say something to a question.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Reading {
    /// The table.
    pub table: &'static str,
    /// What it tells of the question.
    pub tells: &'static str,
    /// Rows kept: in each of these columns stands one of these words.
    pub keep: &'static [(&'static str, &'static [&'static str])],
    /// Columns shown; all where none is named.
    pub columns: &'static [&'static str],
    /// The measure by which rows are ranked, largest first, what is hidden last; blank for the order of the table.
    pub rank: &'static str,
    /// At most so many rows.
    pub most: usize,
}

impl Question {
    /// A question that says nothing, to be filled.
    pub(crate) const BLANK: Self = Self {
        number: 0,
        id: "",
        words: "",
        how: "",
        readings: &[],
        routes: &[],
        missing: "",
        table: None,
        compute: None,
    };
}

impl Reading {
    /// Every row of no table, to be filled.
    pub(crate) const WHOLE: Self = Self { table: "", tells: "", keep: &[], columns: &[], rank: "", most: 12 };
}

/// The question of that number, or of that name.
pub fn question(named: &str) -> Option<&'static Question> {
    // By its text, so that one question has one number: not also 07.
    questions().iter().find(|question| question.id == named || question.number.to_string() == named)
}

/// An empty cube of an answer.
fn cube(definition: &Definition, measures: &[&str], dimensions: Vec<Dimension>) -> Cube {
    Cube::new(definition.id, measures, dimensions)
}

/// The answer's table.
fn done(definition: &Definition, cube: Cube) -> Table {
    linked(definition, cube, &|_, _| None)
}

/// The answer's table, some of its counts being those of other tables: a count that two tables print is one cell, so that
/// neither gives away what the other hides.
fn linked(definition: &Definition, cube: Cube, rename: Rename<'_>) -> Table {
    cube.into_table(definition.title, definition.reference(), rename)
}

/// Where a word stands on a dimension; its total where it is none of them.
fn at(cube: &Cube, axis: usize, word: &str) -> usize {
    cube.dimensions().get(axis).and_then(|dimension| dimension.find(word).or_else(|| dimension.find(ALL))).unwrap_or(0)
}
