//! What is wrong or doubtful about a contract file, beside what keeps it from compiling.

use serde::Serialize;

use super::scaffold::is_word;
use crate::compare::numbers;
use crate::engine::reads;
use crate::model::{Column, Contract, Kind, Severity};
use crate::rules::{is_general, unlisted_rules};

/// Something wrong or doubtful about a contract file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// An error keeps the contract from being used.
    pub severity: Severity,
    /// Where: `column urn`, `rule 903-501`, `version`.
    pub at: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: &'static str,
}

/// Words in a heading that a feed of pseudonyms has no business with.
const TOO_MUCH: [&str; 12] = [
    "surname",
    "forename",
    "first_name",
    "last_name",
    "child_name",
    "nhs",
    "upn",
    "postcode",
    "address",
    "email",
    "phone",
    "date_of_birth",
];

/// Looks at a contract file, worst first. A file with an error among the remarks is not to be used; one with none at all is as
/// the hub's own are.
pub fn lint(text: &str) -> Vec<Remark> {
    let contract = match Contract::compile(text) {
        Ok(contract) => contract,
        Err(error) => {
            let (at, what) = match error {
                crate::ContractError::Value { at, reason } => (at, reason),
                shape @ crate::ContractError::Shape(_) => ("file".to_owned(), shape.to_string()),
            };
            let fix = "Mend it and look again: nothing after it was looked at.";
            return vec![Remark { severity: Severity::Error, at, what, fix }];
        }
    };
    let mut remarks = Vec::new();
    head(&contract, &mut remarks);
    for column in &contract.columns {
        look(column, &contract, &mut remarks);
    }
    rules(&contract, &mut remarks);
    remarks.sort_by_key(|remark| remark.severity);
    remarks
}

fn say(remarks: &mut Vec<Remark>, severity: Severity, at: impl Into<String>, (what, fix): (&str, &'static str)) {
    remarks.push(Remark { severity, at: at.into(), what: what.to_owned(), fix });
}

fn head(contract: &Contract, remarks: &mut Vec<Remark>) {
    if !is_word(&contract.name) {
        let said =
            ("the name is no folder's name", "Use small letters, digits and underscores, a letter first, at most 40.");
        say(remarks, Severity::Error, "id", said);
    }
    if numbers(&contract.version).is_none() {
        say(remarks, Severity::Error, "version", ("it is not three numbers", "Write 1.0.0."));
    }
    let words = [
        ("description purpose", &contract.purpose),
        ("description usage", &contract.usage),
        ("description limitations", &contract.limitations),
        ("schema description", &contract.row),
    ];
    for (at, text) in words {
        if !text.ends_with(['.', '?', ':']) || text.contains("TO BE WRITTEN") {
            let said = ("it is not a sentence yet", "Say it in whole sentences: the reference page is made of them.");
            say(remarks, Severity::Warning, at, said);
        }
    }
}

fn look(column: &Column, contract: &Contract, remarks: &mut Vec<Remark>) {
    let at = format!("column {}", column.name);
    if !is_word(&column.name) {
        let said = ("the heading is no word", "Use small letters, digits and underscores, a letter first, at most 40.");
        say(remarks, Severity::Error, &at, said);
    }
    if contract.columns.iter().filter(|other| other.name == column.name).count() > 1 {
        say(remarks, Severity::Error, &at, ("two columns have this heading", "Name each once."));
    }
    let about_children = contract.columns.iter().any(|other| other.child_level);
    if matches!(column.kind, Kind::Text { .. }) && about_children {
        let said = ("free text among columns about children", "Use a code list: text is where names and addresses go.");
        say(remarks, Severity::Error, &at, said);
    }
    if column.kind == Kind::Date && column.name.contains("birth") {
        let said = ("a full date of birth", "Use physicalType month: the hub knows no day of birth.");
        say(remarks, Severity::Error, &at, said);
    }
    if TOO_MUCH.iter().any(|word| column.name.contains(word)) {
        let said = ("the heading asks for what the hub does not collect", "Send a pseudonym, a sector or nothing.");
        say(remarks, Severity::Warning, &at, said);
    }
    if about_children && !column.child_level {
        let said =
            ("not marked child-level, as others are", "Add classification: child-level; or leave it off them all.");
        say(remarks, Severity::Warning, &at, said);
    }
    if column.example.is_empty() {
        let said = ("there is no example", "Add examples: one made-up value; templates and samples show it.");
        say(remarks, Severity::Warning, &at, said);
    } else if !reads(column, column.example.as_bytes()) {
        let said = ("the example is not of the column's own form", "Write it as a sender would have to.");
        say(remarks, Severity::Error, &at, said);
    }
    if !column.note.ends_with('.') || column.note.contains("TO BE WRITTEN") {
        let said = ("its meaning is not a sentence yet", "Say what it is, its unit, and when it is blank.");
        say(remarks, Severity::Warning, &at, said);
    }
}

fn rules(contract: &Contract, remarks: &mut Vec<Remark>) {
    for id in unlisted_rules(contract) {
        let said =
            ("the hub has this rule and the contract does not list it", "List it under quality, or it never runs.");
        say(remarks, Severity::Warning, format!("rule {id}"), said);
    }
    for rule in contract.rules.iter().filter(|rule| !is_general(&rule.id)) {
        if rule.title.ends_with('.') || !rule.fix.ends_with('.') {
            let said =
                ("title or advice is not as reports print them", "A title ends without a full stop, advice with one.");
            say(remarks, Severity::Warning, format!("rule {}", rule.id), said);
        }
    }
}
