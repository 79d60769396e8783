//! Believed records in, indicator tables, market gaps and the vacancy board out.
//!
//! Records stream through [`Region`] once, in any order; [`Picture`] is what the region looks like
//! on a day. Its tables are *not* protected: `hub_disclosure::gate` is the only way out for them.
//! Pure: no I/O, no clock; the day is an argument.

mod adoption;
mod area;
mod asked;
mod band;
mod board;
mod care;
mod carers;
mod change;
mod compare;
mod confidence;
mod cost;
mod definition;
mod distance;
mod episode;
mod filter;
mod flows;
mod forecast;
mod fostered;
mod gaps;
mod import;
mod judged;
mod kind;
mod lawful;
mod layout;
mod leavers;
mod matching;
mod mix;
mod moves;
mod opened;
mod own;
mod people;
mod placed;
mod population;
mod printed;
mod quality;
mod questions;
mod recruitment;
mod region;
mod register;
mod registry;
mod replay;
mod restriction;
mod route;
mod rules;
mod search;
mod setting;
mod siblings;
mod snapshot;
mod stability;
mod stay;
mod supply;
mod timeliness;
mod usable;
mod vacancies;
mod voids;

pub use board::{Board, Entry};
pub use compare::{Compared, ComparedRow, compare};
pub use confidence::{Confidence, Past, Reason, Starts};
pub use definition::{Definition, Expect, Given, Variant, Vector, definitions_page};
pub use filter::Filter;
pub use gaps::{Benefit, Gap, OneMore, largest_gaps};
pub use layout::{Layout, Values, layout, values_of};
pub use matching::Proof;
pub use printed::{Printed, PrintedRow};
pub use questions::{Answered, Question, Reading, Worked, question, questions, questions_page};
pub use region::{Picture, Region};
pub use register::Standing as RegisterStanding;
pub use registry::{
    Versions, definitions, find as find_definition, find_version as find_definition_version, is_published,
};
pub use replay::{NotOnTheGrid, Proposal, Replay};
pub use rules::Rules;
pub use setting::Disagreement;
pub use usable::Why;
