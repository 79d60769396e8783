//! Findings by rule: what is wrong, how often, in which rows, and what to do about it. No value of any row is repeated.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use hub_contract::{Report, Severity};
use hub_pipeline::submissions;
use uuid::Uuid;

use super::submission::own;
use crate::layout::{Cell, Head, Page, Table, Tone, plural};
use crate::refused::{Answer, Refused};

/// Findings shown of one rule; the sheet has all that were kept.
const SHOWN: usize = 20;

/// What one rule found.
#[derive(Debug)]
pub(super) struct Breach {
    pub(super) rule: String,
    pub(super) class: &'static str,
    pub(super) severity: &'static str,
    pub(super) title: String,
    pub(super) fix: String,
    pub(super) source: String,
    pub(super) count: String,
    pub(super) rows: Table,
}

/// What was found, most severe first.
pub(super) fn breaches(report: &Report, id: Uuid) -> Vec<Breach> {
    let mut by_rule: BTreeMap<&str, Vec<Vec<Cell>>> = BTreeMap::new();
    for finding in &report.findings {
        let rows = by_rule.entry(&finding.rule).or_default();
        if rows.len() < SHOWN {
            let number = |value: Option<u64>| Cell::text(value.map_or_else(String::new, |value| value.to_string()));
            rows.push(vec![
                Cell::text(finding.row.map_or_else(|| "the whole file".to_owned(), |row| format!("row {row}"))),
                number(finding.line),
                Cell::text(finding.column.as_deref().unwrap_or_default()),
                Cell::text(finding.value_class.as_deref().unwrap_or_default()),
                Cell::text(&finding.message),
            ]);
        }
    }
    let heads = || ["Row", "Line of the file", "Column", "What stands there", "What is wrong"].map(Head::text);
    let breach = |rule: &hub_contract::RuleCount| {
        let rows = by_rule.remove(rule.rule.as_str()).unwrap_or_default();
        let caption = format!("Rows that break {} in submission {}", rule.rule, short(id));
        Breach {
            rule: rule.rule.clone(),
            class: tone(rule.severity).class(),
            severity: rule.severity.as_str(),
            title: rule.title.clone(),
            fix: rule.fix.clone(),
            source: rule.source.clone(),
            count: plural(i64::try_from(rule.count).unwrap_or(i64::MAX), "time"),
            rows: Table::new(caption, heads()).with(rows).or_else("Its rows are in the sheet."),
        }
    };
    report.rules.iter().map(breach).collect()
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Urgent,
        Severity::Warning => Tone::Soon,
        Severity::Info => Tone::Plain,
    }
}

/// `GET /borough/submissions/{id}/findings.csv`: every finding that was kept, for a spreadsheet.
pub(crate) async fn findings(page: Page) -> Answer {
    let found = own(&page).await?;
    let report = submissions::report(page.hub(), found.authority, found.id).await?;
    let report =
        report.ok_or_else(|| Refused::Conflict("It is being judged still. Try again in a moment.".to_owned()))?;
    let mut bytes = Vec::new();
    report.findings_csv(&mut bytes).map_err(Refused::fault)?;
    let name = format!("attachment; filename=\"findings-{}.csv\"", found.id);
    let name = HeaderValue::from_str(&name).map_err(Refused::fault)?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

fn short(id: Uuid) -> String {
    id.simple().to_string().chars().take(8).collect()
}
