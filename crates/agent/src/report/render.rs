//! The report as plain text.

use std::fmt::Write as _;

use super::group::Group;
use crate::finding::{Finding, Place, Severity};
use crate::prepare::{Preparation, Prepared};
use hub_contract::layout::{counted, fold, number};

/// Rules shown at length among those that keep no row out, unless all are wanted.
pub(super) const AT_LENGTH: usize = 12;

/// How much of a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Every error and the commonest warnings at length, the other warnings a line each.
    Usual,
    /// Everything at length.
    All,
}

/// What the files are, and what is wrong about them as files.
pub fn render_files(preparation: &Preparation) -> String {
    let mut out = String::new();
    let names = preparation.files.iter().map(|file| file.name.chars().count()).max().unwrap_or(0);
    for file in &preparation.files {
        let rows = counted(file.rows, "row", "rows");
        let line = format!("  {:names$}  {:<18}  {rows:>14}", file.name, file.kind.to_string());
        let why = if file.is_used { String::new() } else { format!("  — {}", file.why()) };
        let _ = writeln!(out, "{line}{why}");
    }
    write_findings(&mut out, &preparation.findings);
    out
}

/// One feed: its rows, then what to mend, most severe and most frequent first.
pub fn render_feed(prepared: &Prepared, length: Length) -> String {
    let mut out = String::new();
    let groups = prepared.groups();
    write_heading(&mut out, prepared, &groups);
    if let Some(refusal) = &prepared.report.refusal {
        let _ = writeln!(out, "\nThe hub would turn this away — {} ({})", refusal.title, refusal.code);
        fold(&mut out, "  ", &refusal.detail);
        if let Some(at) = prepared.refused_at() {
            let _ = writeln!(out, "  at {}", place(&at));
        }
        fold(&mut out, "  fix: ", &refusal.fix);
    }
    for (severity, heading) in [
        (Severity::Error, "ERRORS — these rows stay out until they are mended"),
        (Severity::Warning, "WARNINGS — these rows go in; somebody should look"),
        (Severity::Note, "NOTES"),
    ] {
        let mut of: Vec<&Group> = groups.iter().filter(|group| group.severity == severity).collect();
        if of.is_empty() {
            continue;
        }
        // Findings about a whole file come first: they explain many of the others.
        of.sort_by_key(|group| !group.lines.is_empty());
        let _ = writeln!(out, "\n{heading}");
        let shown = if length == Length::All || severity == Severity::Error { of.len() } else { AT_LENGTH };
        for group in of.iter().take(shown) {
            write_group(&mut out, group);
        }
        write_briefly(&mut out, of.get(shown..).unwrap_or_default());
    }
    out
}

/// One line a rule.
pub(super) fn write_briefly(out: &mut String, groups: &[&Group]) {
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  Less often (--all shows these at length, --findings FILE writes every line of them):");
    for group in groups {
        let column = group.at.column.as_deref().unwrap_or("");
        let _ = writeln!(out, "  {:>7}  {}  {} [{column}]", number(group.count), group.rule, group.message);
    }
}

fn write_heading(out: &mut String, prepared: &Prepared, groups: &[Group]) {
    let report = &prepared.report;
    let title = format!("{} as at {}", prepared.dataset, report.as_at);
    let _ = writeln!(out, "{title} · contract {} · from {}", report.contract_version, prepared.files.join(", "));
    if report.refusal.is_some() {
        return;
    }
    let about = if prepared.children > 0 {
        format!(" about {}", counted(prepared.children, "child", "children"))
    } else {
        String::new()
    };
    let rows = report.rows;
    let read = counted(rows.read, "row", "rows");
    let _ =
        writeln!(out, "{read}{about}: {} can go in, {} would stay out", number(rows.accepted), number(rows.rejected));
    let rules = |severity| groups.iter().map(|group| u64::from(group.severity == severity)).sum::<u64>();
    let (errors, warnings) = (rules(Severity::Error), rules(Severity::Warning));
    if errors + warnings > 0 {
        let (errors, warnings) = (counted(errors, "kind", "kinds"), counted(warnings, "kind", "kinds"));
        let _ = writeln!(out, "{errors} of error, {warnings} of warning");
    }
    if prepared.would_be_rejected() {
        let share = report.rejected_share() * 100.0;
        let text = format!(
            "So many rows have errors ({share:.0} %) that the hub would reject the whole submission and keep what it holds. \
             Start with the errors at the top: each says how many rows it alone keeps out."
        );
        fold(out, "! ", &text);
    }
    if report.rows.read > 0 && prepared.findings.is_empty() {
        let _ = writeln!(out, "Nothing found: every row is as the contract asks.");
    }
}

pub(super) fn write_group(out: &mut String, group: &Group) {
    let times =
        if group.lines.is_empty() { String::new() } else { format!(" — {}", counted(group.count, "row", "rows")) };
    let _ = writeln!(out);
    fold(out, &format!("  {}  ", group.rule), &format!("{}{times}", group.message));
    if group.alone > 0 {
        fold(out, "      ", &format!("mending this alone lets in {}", counted(group.alone, "row", "rows")));
    }
    fold(out, "      fix: ", &group.fix);
    let at = place(&group.at);
    if group.lines.is_empty() {
        if !at.is_empty() {
            let _ = writeln!(out, "      {at}");
        }
        return;
    }
    let lines: Vec<String> = group.lines.iter().map(ToString::to_string).collect();
    let more = group.count.saturating_sub(u64::try_from(lines.len()).unwrap_or(0));
    let more = if more > 0 { format!(" and {} more", number(more)) } else { String::new() };
    let word = if lines.len() == 1 { "line" } else { "lines" };
    fold(out, "      ", &format!("{at}, {word} {}{more}", lines.join(", ")));
}

/// Findings about files, one after another.
pub(crate) fn render_findings(findings: &[Finding]) -> String {
    let mut out = String::new();
    write_findings(&mut out, findings);
    out
}

pub(super) fn write_findings(out: &mut String, findings: &[Finding]) {
    for finding in findings {
        let _ = writeln!(out);
        fold(out, "  ", &format!("{}  {}: {}", finding.severity.as_str(), place(&finding.place), finding.message));
        fold(out, "      fix: ", &finding.fix);
    }
}

/// `episodes.csv, line 17, DEC`.
fn place(place: &Place) -> String {
    let line = place.line.map(|line| format!("line {line}"));
    let parts = [Some(place.file.to_string()), line, place.column.as_deref().map(str::to_owned)];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}
