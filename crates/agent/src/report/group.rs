//! Findings by rule and column: what an analyst works through.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::finding::{Finding, Place, Severity};

/// Examples kept for each group.
const EXAMPLES: usize = 12;

/// All findings of one rule about one column of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Rule id.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// Findings.
    pub count: u64,
    /// Rows that stay out for this rule and no other: what mending it alone would let in.
    pub alone: u64,
    /// The file and column; no line.
    pub at: Place,
    /// The first lines, in order.
    pub lines: Vec<u64>,
}

/// Groups findings, most severe first and most frequent first among those.
pub(crate) fn group(findings: &[Finding], errors: &HashMap<u64, Vec<Option<&str>>>) -> Vec<Group> {
    let alone = alone_by_rule(errors);
    let mut groups: BTreeMap<(Severity, &str, Place), Group> = BTreeMap::new();
    for finding in findings {
        let at = Place { line: None, ..finding.place.clone() };
        let found = groups.entry((finding.severity, finding.rule.as_str(), at.clone())).or_insert_with(|| Group {
            rule: finding.rule.clone(),
            severity: finding.severity,
            message: general(&finding.message).to_owned(),
            fix: finding.fix.clone(),
            count: 0,
            alone: alone.get(finding.rule.as_str()).copied().unwrap_or(0),
            at,
            lines: Vec::new(),
        });
        found.count += 1;
        found.lines.extend(finding.place.line);
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    for group in &mut groups {
        group.lines.sort_unstable();
        group.lines.dedup();
        group.lines.truncate(EXAMPLES);
    }
    groups.sort_by(|a, b| a.severity.cmp(&b.severity).then(b.count.cmp(&a.count)).then_with(|| a.rule.cmp(&b.rule)));
    groups
}

fn alone_by_rule<'r>(errors: &HashMap<u64, Vec<Option<&'r str>>>) -> HashMap<&'r str, u64> {
    let mut alone = HashMap::new();
    for rules in errors.values() {
        if let [Some(rule)] = rules.as_slice() {
            *alone.entry(*rule).or_insert(0) += 1;
        }
    }
    alone
}

/// The message without the other line it points at.
fn general(message: &str) -> &str {
    message.rsplit_once(" (see also ").map_or(message, |(start, _)| start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_say_how_often_where_and_what_mending_alone_would_let_in() {
        let file = "e.csv".into();
        let finding = |rule: &str, severity, line, message: &str| {
            Finding::new(rule, severity, Place::line(&file, line).at("DEC"), message, "Mend it.")
        };
        let findings = [
            finding("w", Severity::Warning, 2, "odd"),
            finding("a", Severity::Error, 9, "overlap (see also line 3)"),
            finding("a", Severity::Error, 4, "overlap (see also line 8)"),
            finding("b", Severity::Error, 4, "late"),
        ];
        let errors = HashMap::from([(8, vec![Some("a")]), (3, vec![Some("a"), Some("b")]), (5, vec![None])]);
        let groups = group(&findings, &errors);
        let told: Vec<_> = groups
            .iter()
            .map(|g| (g.rule.as_str(), g.message.as_str(), g.count, g.alone, g.lines.as_slice()))
            .collect();
        assert_eq!(
            told,
            [("a", "overlap", 2, 1, &[4, 9][..]), ("b", "late", 1, 0, &[4][..]), ("w", "odd", 1, 0, &[2][..])]
        );
    }
}
