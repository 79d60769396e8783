//! DfE's rules over the return as the borough wrote it. Nothing found here keeps a row back: of what is sent the
//! contract judges that; and nothing of it leaves the machine.

mod years;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use hub_contract::{Frame, NotRun, Return, ReturnFinding, Verdict, judge};
use hub_domain::Date;
use hub_domain::codes::year_label;

use crate::finding::{Finding, Place, Severity};
use crate::report::Group;
use crate::return903::Files;
use crate::source::Sheet;

/// Lines named of each rule.
const EXAMPLES: usize = 12;

/// What DfE's rules say of a return.
#[derive(Debug)]
pub struct Returned {
    /// The collection year that was judged: `2025/26`.
    pub year: String,
    /// Whether the year before was given too.
    pub has_last: bool,
    given: Return,
    verdict: Verdict,
}

/// Judges the files of a return, where there are any; `told` are the findings that the feeds' own checks made, which are not
/// told again.
pub(crate) fn check<'f>(
    files: &Files,
    leavers: &[Sheet],
    as_at: Date,
    told: impl Iterator<Item = &'f Finding>,
) -> Option<Returned> {
    let years = years::sort(files, leavers, as_at);
    if years.this.is_empty() {
        return None;
    }
    let frame = if years.is_past { Frame::of_year(years.year) } else { Frame::at(as_at) };
    let mut verdict = judge(&years.this, years.last.as_ref(), frame);
    let given = years.this;
    let told: HashSet<(&str, &str, u64)> = told
        .filter_map(|finding| Some((finding.rule.strip_prefix("903-")?, &*finding.place.file, finding.place.line?)))
        .collect();
    verdict.findings.retain(|found| {
        let place = place(&given, found);
        place.is_none_or(|(file, line)| !told.contains(&(found.rule.id, file, line)))
    });
    Some(Returned { year: year_label(years.year), has_last: years.last.is_some(), given, verdict })
}

/// File and line.
fn place<'g>(given: &'g Return, found: &ReturnFinding) -> Option<(&'g str, u64)> {
    given.given(found.table)?.place(usize::try_from(found.row).ok()?)
}

impl Returned {
    /// Rules that were asked.
    pub fn ran(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.verdict.ran.iter().map(|rule| rule.id)
    }

    /// Rules that could not be: they are not passed.
    pub fn not_run(&self) -> &[NotRun] {
        &self.verdict.not_run
    }

    /// Why rules could not be asked, and which: `no missing file was given`.
    pub fn unasked(&self) -> BTreeMap<String, Vec<&'static str>> {
        let mut by_reason: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for not in &self.verdict.not_run {
            by_reason.entry(not.to_string()).or_default().push(not.rule.id);
        }
        by_reason
    }

    /// How many findings there are.
    pub fn count(&self) -> usize {
        self.verdict.findings.len()
    }

    /// Each finding, made as it is asked for: a poor return has a dozen for every child.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.verdict.findings.iter().map(|found| {
            let (file, line) = place(&self.given, found).unwrap_or_default();
            let place = Place::line(&Arc::from(file), line).at(found.heading);
            Finding::new(&rule(found), severity(found), place, found.rule.title, found.rule.fix)
        })
    }

    /// By rule, file and heading: the gravest first, and the most frequent among those.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: BTreeMap<(&str, &str, &str), Group> = BTreeMap::new();
        for found in &self.verdict.findings {
            let (file, line) = place(&self.given, found).unwrap_or_default();
            let group = groups.entry((found.rule.id, file, found.heading)).or_insert_with(|| Group {
                rule: rule(found),
                severity: severity(found),
                message: found.rule.title.to_owned(),
                fix: found.rule.fix.to_owned(),
                count: 0,
                alone: 0,
                at: Place::file(&Arc::from(file)).at(found.heading),
                lines: Vec::new(),
            });
            group.count += 1;
            if group.lines.len() < EXAMPLES {
                group.lines.push(line);
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by(|a, b| (a.severity, b.count, &a.rule).cmp(&(b.severity, a.count, &b.rule)));
        groups
    }
}

fn rule(found: &ReturnFinding) -> String {
    format!("903-{}", found.rule.id)
}

/// An error of the return's leaves nothing out of the feed, so it is a warning here.
const fn severity(found: &ReturnFinding) -> Severity {
    match found.rule.severity {
        hub_contract::Severity::Error | hub_contract::Severity::Warning => Severity::Warning,
        hub_contract::Severity::Info => Severity::Note,
    }
}
