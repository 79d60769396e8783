//! Contracts compiled into rules; submission bytes turned into typed rows and findings.
//!
//! Pure and streaming: no clock, no network, no files, and never a whole submission in memory. Whatever the bytes,
//! the answer is a report, a refusal or a fault of reading — and none of the three repeats a value.
//!
//! The order of use: [`open`] the bytes, [`door`] them once before anything is stored, then [`validate`].

mod cell;
mod clear;
mod compare;
mod draft;
mod engine;
mod generate;
mod held;
mod input;
mod model;
mod report;
mod return903;
mod rules;
mod sets;

pub use clear::says_too_much;
pub use compare::{Change, Comparison, Weight, compare};
pub use draft::{DraftError, NewColumn, Remark, draft, lint, record_type, sample};
pub use engine::{
    Accepted, DoorReport, Op, Outcome, Settings, door, door_beside, fingerprint, validate, validate_beside,
};
pub use generate::{csv_template, json_schema, reference, table_schema};
pub use held::{Against, Said};
pub use input::{Compression, Encoding, Failure, Format, Limits, Refusal, UnknownFormat, open};
pub use model::{
    Column, Contract, ContractError, ErrorPolicy, Frequency, Kind, RuleInfo, RuleKind, Severity, Sla, contract,
};
pub use report::{Finding, Report, RowCounts, RuleCount, layout, neutral};
pub use return903::{
    Frame, Level, NotRun, Return, ReturnFinding, ReturnRule, Table, TableName, Verdict, judge, return_rules, rules_page,
};
pub use rules::unlisted_rules;
