use hub_domain::AuthorityCode;

use super::format::name_of;

/// A line of a list to choose from.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// What is sent.
    pub(crate) value: String,
    /// What is read.
    pub(crate) label: String,
    /// It is the one that is shown.
    pub(crate) chosen: bool,
}

/// Authorities to choose from, by name.
pub(crate) fn choices(all: impl Iterator<Item = AuthorityCode>, chosen: AuthorityCode) -> Vec<Choice> {
    let line = |code: AuthorityCode| Choice { value: code.to_string(), label: name_of(code), chosen: code == chosen };
    let mut lines: Vec<Choice> = all.map(line).collect();
    lines.sort_by(|a, b| a.label.cmp(&b.label));
    lines
}
