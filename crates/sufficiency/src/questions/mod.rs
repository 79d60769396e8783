//! The questions commissioners ask of the market: seventeen of them, each by number, each answered by a
//! table of the release, or with a word on the data that is missing. The tables go through the gate
//! with all others of their release, so that no two of them give away what each hides.

mod care;
mod demand;
mod list;
mod page;
mod supply;

use hub_disclosure::{Cube, Dimension, Node, Table};
use serde::Serialize;

use crate::area::ALL;
use crate::asked::Asked;
use crate::definition::{Compute, Definition};

pub use self::list::questions;
pub use self::page::questions_page;

/// A question by number.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Question {
    /// From 1 to 17.
    pub number: u8,
    /// The question.
    pub words: &'static str,
    /// What the answer leaves open for want of data; empty where nothing.
    pub missing: &'static str,
    /// The table that answers it and what its figures mean; `None` where the data is missing.
    pub table: Option<Definition>,
    #[serde(skip)]
    pub(crate) answer: Option<Compute>,
}

/// The question of that number.
pub fn question(number: u8) -> Option<&'static Question> {
    questions().iter().find(|question| question.number == number)
}

/// An empty cube of an answer.
fn cube(definition: &Definition, measures: &[&str], dimensions: Vec<Dimension>) -> Cube {
    Cube::new(definition.id, measures, dimensions)
}

/// The answer's table.
fn done(definition: &Definition, cube: Cube) -> Table {
    cube.into_table(definition.title, definition.reference(), &|_, _| None)
}

/// A dimension of these words without a total over them: where the words share children, one would count them twice.
fn apart(column: &str, words: &[&str]) -> Dimension {
    let node = |word: &&str| Node { key: (*word).to_owned(), labels: vec![(*word).to_owned()], parent: None };
    Dimension { columns: vec![column.to_owned()], nodes: words.iter().map(node).collect() }
}

/// Where a word stands on a dimension; its total where it is none of them.
fn at(cube: &Cube, axis: usize, word: &str) -> usize {
    cube.dimensions().get(axis).and_then(|dimension| dimension.find(word).or_else(|| dimension.find(ALL))).unwrap_or(0)
}
