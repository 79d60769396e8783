//! The report as an analyst reads it in a terminal: by rule, most severe first, what to do, which rows.

use std::fmt::{self, Write as _};

use super::layout::{counted, fold, number};
use super::{Finding, Report, RuleCount};
use crate::model::{RuleKind, Severity};

/// Kinds of finding shown for each rule, and rows for each kind.
const GROUPS: usize = 4;
const ROWS: usize = 10;

impl Report {
    /// The whole report as plain text.
    pub fn render_text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    fn write_text(&self, out: &mut String) -> fmt::Result {
        let (dataset, version, format) = (&self.dataset, &self.contract_version, self.format.as_str());
        writeln!(
            out,
            "{dataset} · contract {version} · {} · {} as at {} · {format}",
            self.authority, self.mode, self.as_at
        )?;
        if let Some(refusal) = &self.refusal {
            writeln!(out, "\nREFUSED — {} ({})", refusal.title, refusal.code)?;
            fold(out, "  ", &refusal.detail);
            if let (Some(row), Some(line)) = (refusal.row, refusal.line) {
                writeln!(out, "  at row {row} (line {line})")?;
            }
            fold(out, "  fix: ", &refusal.fix);
            return writeln!(out, "  Nothing was stored.");
        }
        self.write_counts(out)?;
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            self.write_group(out, severity)?;
        }
        self.write_absent(out)
    }

    fn write_counts(&self, out: &mut String) -> fmt::Result {
        let rows = self.rows;
        write!(
            out,
            "{} read: {} accepted, {} left out",
            counted(rows.read, "row", "rows"),
            number(rows.accepted),
            number(rows.rejected)
        )?;
        if rows.deletes > 0 {
            write!(out, ", {} of the accepted delete their record", number(rows.deletes))?;
        }
        if rows.blank > 0 {
            write!(out, "; {} blank", number(rows.blank))?;
        }
        writeln!(out)?;
        if self.rules.is_empty() {
            return writeln!(out, "Nothing found: every row is as the contract asks.");
        }
        let count = |severity| number(self.count(severity));
        let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
        writeln!(out, "{errors} errors, {warnings} warnings, {notes} notes, under {} rules", self.rules.len())
    }

    fn write_group(&self, out: &mut String, severity: Severity) -> fmt::Result {
        let rules: Vec<&RuleCount> = self.rules.iter().filter(|rule| rule.severity == severity).collect();
        if rules.is_empty() {
            return Ok(());
        }
        let heading = match severity {
            Severity::Error => "ERRORS — these rows were left out",
            Severity::Warning => "WARNINGS — these rows were kept; please look",
            Severity::Info => "NOTES",
        };
        writeln!(out, "\n{heading}")?;
        for rule in rules {
            self.write_rule(out, rule)?;
        }
        Ok(())
    }

    fn write_rule(&self, out: &mut String, rule: &RuleCount) -> fmt::Result {
        let mut title = format!("{}  {}", rule.rule, rule.title);
        let _ = write!(
            title,
            " — {}",
            if rule.count == 1 { "once".to_owned() } else { format!("{} times", number(rule.count)) }
        );
        writeln!(out)?;
        fold(out, "  ", &title);
        fold(out, "      fix: ", &rule.fix);
        let groups = Group::of(rule, &self.findings);
        let shown: usize = groups.iter().map(|group| group.rows.len()).sum();
        for group in groups.iter().take(GROUPS) {
            fold(out, "      · ", &group.line(rule.count > u64::try_from(shown).unwrap_or(u64::MAX)));
        }
        if groups.len() > GROUPS {
            writeln!(out, "      · and {} more kinds", groups.len() - GROUPS)?;
        }
        Ok(())
    }

    fn write_absent(&self, out: &mut String) -> fmt::Result {
        if self.columns_absent.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nNot in the file (optional; what depends on them is not known):")?;
        fold(out, "  ", &self.columns_absent.join(", "));
        Ok(())
    }
}

/// Findings of one rule that look alike.
struct Group<'r> {
    column: Option<&'r str>,
    class: Option<&'r str>,
    /// What the message says beyond the rule's title.
    more: &'r str,
    rows: Vec<&'r Finding>,
}

impl<'r> Group<'r> {
    /// The groups of a rule's findings, in order of their first row.
    fn of(rule: &RuleCount, findings: &'r [Finding]) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.rule == rule.rule && finding.row.is_some()) {
            // Between columns and rows, what one cell looks like says nothing, unless it is blank.
            let telling = |class: &&str| rule.kind == RuleKind::Format || *class == "blank";
            let (column, class) = (finding.column.as_deref(), finding.value_class.as_deref().filter(telling));
            let more =
                finding.message.strip_prefix(rule.title.as_str()).unwrap_or_default().trim_start_matches([':', ' ']);
            match groups.iter_mut().find(|group| (group.column, group.class, group.more) == (column, class, more)) {
                Some(group) => group.rows.push(finding),
                None => groups.push(Self { column, class, more, rows: vec![finding] }),
            }
        }
        groups
    }

    /// `placement_type, 3 letters — rows 17, 44, … (it is of other years)`.
    fn line(&self, unfinished: bool) -> String {
        let what: Vec<&str> = self.column.into_iter().chain(self.class).collect();
        let lead = if what.is_empty() { String::new() } else { format!("{} — ", what.join(", ")) };
        let rows: Vec<String> = self.rows.iter().take(ROWS).map(|finding| place(finding)).collect();
        let word = if self.rows.len() == 1 && !unfinished { "row" } else { "rows" };
        let ellipsis = if self.rows.len() > ROWS || unfinished { ", …" } else { "" };
        let more = if self.more.is_empty() { String::new() } else { format!(" ({})", self.more) };
        format!("{lead}{word} {}{ellipsis}{more}", rows.join(", "))
    }
}

/// A row's number, its line where that is not the next number, and the other row concerned.
fn place(finding: &Finding) -> String {
    let row = finding.row.unwrap_or_default();
    let mut notes = Vec::new();
    if let Some(line) = finding.line.filter(|line| *line != row + 1) {
        notes.push(format!("line {line}"));
    }
    if let Some(other) = finding.other_row {
        notes.push(format!("see {other}"));
    }
    if notes.is_empty() { row.to_string() } else { format!("{row} ({})", notes.join(", ")) }
}
