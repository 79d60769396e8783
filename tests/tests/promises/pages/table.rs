//! What each page answers to each persona: written by hand, so that it can disagree with the hub.

use crate::matrix::table::Case;

/// Personas, in the order of the columns.
pub(super) const PERSONAS: [&str; 10] = [
    "anybody",
    "lewisham-analyst",
    "croydon-analyst",
    "kent-duty",
    "surrey-duty",
    "commissioner",
    "quality-lead",
    "broker",
    "operator",
    "somebody whose session has ended",
];

/// A page's row: the statuses for each case, one column per persona; blank where the page has no such case.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    cases: [&'static str; 3],
}

impl Row {
    /// The statuses of a case, if the page has it.
    pub(super) fn expected(&self, case: Case) -> Option<Vec<u16>> {
        let [own, foreign, absent] = self.cases;
        let text = match case {
            Case::Own => own,
            Case::Foreign => foreign,
            Case::Absent => absent,
        };
        let columns: Vec<u16> = text.split_whitespace().map(|status| status.parse().expect("a status")).collect();
        assert!(columns.is_empty() || columns.len() == PERSONAS.len(), "{} {}: {text}", self.method, self.path);
        (!columns.is_empty()).then_some(columns)
    }
}

const fn row(
    method: &'static str,
    path: &'static str,
    own: &'static str,
    foreign: &'static str,
    absent: &'static str,
) -> Row {
    Row { method, path, cases: [own, foreign, absent] }
}

/// What a page of hosts answers: shown, somebody else's, nobody's.
const HOST: [&str; 3] = [
    "303 403 403 200 200 403 403 403 403 303",
    "303 403 403 404 404 403 403 403 403 303",
    "303 403 403 404 404 403 403 403 403 303",
];
/// What a form of hosts answers when it is done.
const HOST_DONE: &str = "303 403 403 303 303 403 403 403 403 303";
/// What a page of boroughs answers.
const BOROUGH: [&str; 3] = [
    "303 200 200 403 403 403 403 403 403 303",
    "303 404 404 403 403 403 403 403 403 303",
    "303 404 404 403 403 403 403 403 403 303",
];
const BOROUGH_DONE: &str = "303 303 303 403 403 403 403 403 403 303";
const OPERATOR: &str = "303 403 403 403 403 403 403 403 200 303";
const ALL: &str = "200 200 200 200 200 200 200 200 200 200";
const NOBODY: &str = "404 404 404 404 404 404 404 404 404 404";

const fn host(path: &'static str) -> Row {
    row("GET", path, HOST[0], HOST[1], HOST[2])
}

const fn host_form(path: &'static str) -> Row {
    row("POST", path, HOST_DONE, HOST[1], HOST[2])
}

const fn borough(path: &'static str) -> Row {
    row("GET", path, BOROUGH[0], BOROUGH[1], BOROUGH[2])
}

const fn borough_form(path: &'static str) -> Row {
    row("POST", path, BOROUGH_DONE, BOROUGH[1], BOROUGH[2])
}

const fn operator(path: &'static str) -> Row {
    row("GET", path, OPERATOR, "", "")
}

/// A row that is wrong of one persona: an operator may not see a host's register.
pub(super) const WRONG: Row = row("GET", "/desk/register", "303 403 403 200 200 403 403 403 200 303", "", "");

/// The table.
pub(super) const TABLE: &[Row] = &[
    row("GET", "/", ALL, "", ""),
    row("GET", "/assets/{file}", ALL, "", NOBODY),
    row("GET", "/sign-in", ALL, "", ""),
    row("GET", "/sign-in/begin", "303 303 303 303 303 303 303 303 303 303", "", ""),
    row("GET", "/sign-in/return", "403 403 403 403 403 403 403 403 403 403", "", ""),
    row("GET", "/region", ALL, "", ""),
    row("GET", "/gaps", ALL, "", ""),
    row("GET", "/vacancies", "303 403 403 403 403 403 403 200 403 303", "", ""),
    row("GET", "/providers", "303 200 200 403 403 200 200 200 200 303", "", ""),
    row("GET", "/providers/{urn}", "", "", "303 404 404 403 403 404 404 404 404 303"),
    row("GET", "/flows", ALL, "", ""),
    row("GET", "/indicators", ALL, "", ""),
    row("GET", "/indicators/{name}", ALL, "", NOBODY),
    host("/desk"),
    host("/desk/notices/{id}"),
    host_form("/desk/notices/{id}/open"),
    host_form("/desk/notices/{id}/acknowledge"),
    host_form("/desk/notices/{id}/query"),
    host_form("/desk/notices/{id}/dispute"),
    row("POST", "/desk/notices/{id}/envelopes/{n}", HOST[0], HOST[1], HOST[2]),
    host("/desk/register"),
    host("/desk/overdue"),
    borough("/borough"),
    borough("/borough/submissions"),
    borough("/borough/submissions/{id}"),
    borough("/borough/submissions/{id}/findings.csv"),
    borough_form("/borough/submissions/{id}/confirm"),
    borough_form("/borough/submissions/{id}/withdraw"),
    borough("/borough/notices"),
    borough("/borough/notices/{id}"),
    borough("/borough/check"),
    // What is sent holds no file.
    row("POST", "/borough/check", "303 400 400 403 403 403 403 403 403 303", BOROUGH[1], BOROUGH[2]),
    borough("/borough/looked"),
    operator("/operator"),
    operator("/operator/people"),
    operator("/operator/feeds"),
    operator("/operator/work"),
    operator("/operator/letters"),
    row(
        "POST",
        "/operator/letters/{id}/replay",
        "303 403 403 403 403 403 403 403 303 303",
        "",
        "303 403 403 403 403 403 403 403 404 303",
    ),
    operator("/operator/releases"),
    operator("/operator/audit"),
    // Last, since nobody is signed in afterwards: and that is where everybody is led.
    row("POST", "/sign-out", "303 303 303 303 303 303 303 303 303 303", "", ""),
];
