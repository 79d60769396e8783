//! A contract begun from a name and its columns.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::model::Contract;

/// A column as it is asked for: `NAME:KIND`, and after further colons `key`, `required` or `child`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewColumn {
    name: String,
    kind: String,
    codes: Vec<String>,
    is_key: bool,
    is_required: bool,
    is_child_level: bool,
}

/// Why a contract cannot be begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Of a dataset or a column.
    #[error("{0} is no name: small letters, digits and underscores, a letter first, at most 40")]
    Name(String),
    /// Of a column.
    #[error(
        "column {0}: write NAME:KIND, then :key, :required or :child; KIND is token, reference, text, date, month, timestamp, \
         boolean, integer, money, miles, sector, outcode, authority, urn, or code=ONE,TWO"
    )]
    Column(String),
    /// No column is the key.
    #[error("no column is the key: write one as NAME:token:key")]
    Key,
}

/// Kinds of column: the contract's word, the standard's word, and a made-up value.
const KINDS: [(&str, &str, &str); 15] = [
    ("token", "string", "ref-0001"),
    ("reference", "string", "file:2026/0001"),
    ("text", "string", "words"),
    ("date", "date", "2026-07-02"),
    ("month", "string", "2012-09"),
    ("timestamp", "timestamp", "2026-07-21T06:30:00Z"),
    ("boolean", "boolean", "true"),
    ("integer", "integer", "2"),
    ("money", "number", "1250.00"),
    ("miles", "number", "4.2"),
    ("sector", "string", "SE13 6"),
    ("outcode", "string", "SE13"),
    ("authority", "string", "E09000023"),
    ("urn", "string", "SC012345"),
    ("code", "string", ""),
];

/// Whether a name may stand in paths and headings.
pub(super) fn is_word(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    letters && name.starts_with(|first: char| first.is_ascii_lowercase()) && name.len() <= 40
}

impl FromStr for NewColumn {
    type Err = DraftError;

    fn from_str(text: &str) -> Result<Self, DraftError> {
        let wrong = || DraftError::Column(text.to_owned());
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default().to_owned();
        if !is_word(&name) {
            return Err(DraftError::Name(name));
        }
        let kind = parts.next().ok_or_else(wrong)?;
        let (kind, codes) = match kind.split_once('=') {
            Some(("code", codes)) => ("code", codes.split(',').map(str::to_owned).collect()),
            Some(_) => return Err(wrong()),
            None => (kind, Vec::new()),
        };
        if !KINDS.iter().any(|(known, ..)| *known == kind) || (kind == "code") == codes.is_empty() {
            return Err(wrong());
        }
        if codes.iter().any(|code: &String| !is_word(code)) {
            return Err(wrong());
        }
        let kind = kind.to_owned();
        let mut column = Self { name, kind, codes, is_key: false, is_required: false, is_child_level: false };
        for mark in parts {
            match mark {
                "key" => (column.is_key, column.is_required) = (true, true),
                "required" => column.is_required = true,
                "child" => column.is_child_level = true,
                _ => return Err(wrong()),
            }
        }
        Ok(column)
    }
}

/// The text of a contract of version 1.0.0 with these columns. It compiles; what only its writer knows stands as `TO BE
/// WRITTEN`, which [`super::lint()`] finds.
pub fn draft(name: &str, title: Option<&str>, columns: &[NewColumn]) -> Result<String, DraftError> {
    if !is_word(name) {
        return Err(DraftError::Name(name.to_owned()));
    }
    if !columns.iter().any(|column| column.is_key) {
        return Err(DraftError::Key);
    }
    let spaced = name.replace('_', " ");
    let title = title.map_or_else(|| capital(&spaced), str::to_owned);
    let mut text = format!(
        "# The inbound contract of {spaced}: an explicit subset of the Open Data Contract Standard 3.1.\n\
         # Unknown keys are errors. Types, codes and rules are explained in docs/reference/{name}.md, which is made from this file.\n\
         apiVersion: v3.1.0\nkind: DataContract\nid: {name}\nname: {}\nversion: 1.0.0\nstatus: active\ndescription:\n  \
         purpose: \"TO BE WRITTEN: what it is for.\"\n  usage: \"TO BE WRITTEN: what is done with it.\"\n  \
         limitations: \"TO BE WRITTEN: what must not be sent or concluded.\"\nslaProperties:\n  \
         - {{property: frequency, value: daily}}\n  - {{property: timeOfAvailability, value: \"06:00\", unit: Europe/London}}\n  \
         - {{property: grace, value: 120, unit: minutes}}\ncustomProperties:\n  - {{property: rowsWithErrors, value: leave-out}}\n  \
         - {{property: shrinkShare, value: 0.2}}\n  - {{property: rejectShare, value: 0.5}}\nschema:\n  - name: {name}\n    \
         logicalType: object\n    description: \"TO BE WRITTEN: what one row is.\"\n    properties:\n",
        quoted(&title)
    );
    let mut place = 0;
    for column in columns {
        place += u8::from(column.is_key);
        column.write(&mut text, place);
    }
    Ok(text)
}

impl NewColumn {
    fn write(&self, out: &mut String, place: u8) {
        let (_, logical, example) = KINDS.iter().find(|(known, ..)| *known == self.kind).copied().unwrap_or_default();
        let example = self.codes.first().map_or(example, String::as_str);
        let _ = writeln!(out, "      - name: {}", self.name);
        let mut line = |text: &str| {
            let _ = writeln!(out, "        {text}");
        };
        line(&format!("logicalType: {logical}"));
        line(&format!("physicalType: {}", self.kind));
        if self.is_required {
            line("required: true");
        }
        if self.is_key {
            line("primaryKey: true");
            line(&format!("primaryKeyPosition: {place}"));
        }
        if self.is_child_level {
            line("classification: child-level");
        }
        line("description: \"TO BE WRITTEN: what it is, its unit, and when it is blank.\"");
        line(&format!("examples: [\"{example}\"]"));
        if !self.codes.is_empty() {
            line("customProperties:");
            line(&format!("  - {{property: codes, value: [{}]}}", quoted_list(&self.codes)));
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// In quotes, so that `on`, `no` and numbers stay words.
fn quoted_list(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")
}

/// A CSV with the contract's examples as its one row: where samples begin.
pub fn sample(contract: &Contract) -> String {
    let cells: Vec<String> = contract
        .columns
        .iter()
        .map(|column| {
            let example = column.example.as_str();
            if example.contains([',', '"']) {
                format!("\"{}\"", example.replace('"', "\"\""))
            } else {
                example.to_owned()
            }
        })
        .collect();
    format!("{}{}\r\n", crate::csv_template(contract), cells.join(","))
}
