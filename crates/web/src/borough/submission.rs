use askama::Template;
use hub_contract::Report;
use hub_pipeline::submissions;
use hub_store::submission::{self, State, Submission, Verdict};
use uuid::Uuid;

use super::compare::compare;
use super::found::{Breach, breaches};
use super::words::{dataset_name, stands, verdict_cell};
use crate::layout::{Cell, Head, Page, Table, date, when};
use crate::refused::{Answer, Refused};

#[derive(Template)]
#[template(path = "borough/submission.html")]
struct OneSubmission {
    id: Uuid,
    code: String,
    feed: String,
    done: Option<&'static str>,
    state: Table,
    held_reason: Option<String>,
    /// Why it was turned away as a whole: what is wrong, and the fix.
    turned_away: Option<(String, String)>,
    facts: Vec<(&'static str, String)>,
    comparison: Table,
    breaches: Vec<Breach>,
    absent: Vec<String>,
    is_held: bool,
    is_withdrawable: bool,
    is_open: bool,
}

/// `GET /borough/submissions/{id}`: what was found in a submission by rule, with the rows and the fix; beside it the one
/// before it; and what can be done about it.
pub(crate) async fn submission(page: Page) -> Answer {
    let found = own(&page).await?;
    let report = submissions::report(page.hub(), found.authority, found.id).await?;
    let comparison = compare(&page, &found).await?;
    let shown = OneSubmission {
        id: found.id,
        code: found.authority.to_string(),
        feed: dataset_name(found.dataset),
        done: page.query().get("done").and_then(done),
        state: state(&found),
        held_reason: found.held_reason.clone(),
        turned_away: report.as_ref().and_then(turned_away),
        facts: facts(&found),
        comparison,
        breaches: report.as_ref().map(|report| breaches(report, found.id)).unwrap_or_default(),
        absent: report.map(|report| report.columns_absent).unwrap_or_default(),
        is_held: found.state == State::Decided && found.verdict == Some(Verdict::Held),
        is_withdrawable: stands(&found),
        is_open: found.state != State::Decided,
    };
    page.show("A submission", &shown)
}

/// The submission, if it is one of the person's authorities'.
pub(super) async fn own(page: &Page) -> Result<Submission, Refused> {
    let id: Uuid = page.parameter("id")?;
    for tenant in page.principal()?.tenants() {
        let mut link = page.hub().store.read_as(tenant.authority()).await?;
        if let Some(found) = submission::find(&mut link, tenant.authority(), id).await? {
            return Ok(found);
        }
    }
    Err(Refused::NotFound)
}

fn done(word: &str) -> Option<&'static str> {
    match word {
        "confirm" => Some("You have confirmed it. It is judged again and applied; look again in a moment."),
        "withdraw" => Some("It is withdrawn: what your other submissions amount to is believed."),
        _ => None,
    }
}

fn state(found: &Submission) -> Table {
    let heads = [Head::text("What became of it"), Head::text("Received"), Head::text("Decided")];
    let decided = found.decided_at.map_or_else(|| "not yet".to_owned(), when);
    let row = vec![verdict_cell(found.state, found.verdict), Cell::text(when(found.received_at)), Cell::text(decided)];
    Table::new("How it stands", heads).with([row])
}

fn facts(found: &Submission) -> Vec<(&'static str, String)> {
    let mode = match found.covers_from {
        Some(from) => format!("{}, from {}", found.mode, date(from)),
        None => found.mode.to_string(),
    };
    vec![
        ("Describes", date(found.as_at)),
        ("Covers", mode),
        ("A correction", if found.correction { "yes" } else { "no" }.to_owned()),
        ("Sent by", found.client.trim_start_matches("person:").to_owned()),
        ("Contract", found.contract.clone()),
        ("Bytes", found.bytes.to_string()),
        ("SHA-256", found.digest.clone()),
    ]
}

fn turned_away(report: &Report) -> Option<(String, String)> {
    let refusal = report.refusal.as_ref()?;
    Some((refusal.detail.to_string(), refusal.fix.to_string()))
}
