//! A file tried before it is sent: the verdict, what would change, and every finding. Nothing of it is stored.

use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use hub_contract::{Compression, Encoding, Format};
use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use hub_pipeline::dryrun::{self, Rehearsal};
use hub_pipeline::identity::Tenant;
use hub_pipeline::receive::{self, ReceiveRefusal};
use hub_pipeline::validate::Judgement;
use hub_store::submission::Verdict;
use uuid::Uuid;

use super::compare::named_counts;
use super::found::{Breach, breaches};
use super::upload::{Sent, take};
use super::words::{dataset_name, verdict_cell};
use crate::layout::{Cell, Choice, Head, Page, Table, name_of};
use crate::refused::{Answer, Refused};

#[derive(Template)]
#[template(path = "borough/check.html")]
struct Check {
    authority: String,
    code: String,
    datasets: Vec<Choice>,
    as_at: Date,
    result: Option<Outcome>,
}

/// What would come of the file.
struct Outcome {
    feed: String,
    verdict: Table,
    why: Option<String>,
    changes: Table,
    breaches: Vec<Breach>,
}

/// `GET /borough/check`: the form.
pub(crate) async fn ask(page: Page) -> Answer {
    let own = page.tenant()?.authority();
    page.show("Try a file", &form(&page, own, None))
}

/// `POST /borough/check`: what would come of the file.
pub(crate) async fn check(page: Page, request: Request) -> Answer {
    let own = page.tenant()?;
    let sent = take(request).await?;
    let asked = describe(&own, &sent, page.today())?;
    let (feed, hub) = (dataset_name(asked.dataset), Arc::clone(page.hub()));
    let rehearsed = page.web().write(async move { dryrun::rehearse(&hub, &asked, sent.upload).await }).await?;
    page.show("What would come of the file", &form(&page, own.authority(), Some(Outcome::of(feed, &rehearsed))))
}

fn form(page: &Page, own: AuthorityCode, result: Option<Outcome>) -> Check {
    let line = |dataset: &Dataset| Choice {
        value: dataset.to_string(),
        label: dataset_name(*dataset),
        chosen: *dataset == Dataset::Placements,
    };
    Check {
        authority: name_of(own),
        code: own.to_string(),
        datasets: Dataset::USUAL.iter().map(line).collect(),
        as_at: page.today(),
        result,
    }
}

/// The request that the API would make of it; nothing is kept, so it wants no key.
fn describe(own: &Tenant, sent: &Sent, today: Date) -> Result<receive::Request, Refused> {
    let fields = &sent.fields;
    let dataset: Option<Dataset> = fields.parsed("dataset", "one of the feeds that the page offers")?;
    let dataset = dataset.ok_or_else(|| Refused::Invalid("Choose which feed the file is.".to_owned()))?;
    let as_at = fields.parsed("as_at", "a date such as 2026-04-01")?.unwrap_or(today);
    let named = |ending: &str| sent.name.to_ascii_lowercase().trim_end_matches(".gz").ends_with(ending);
    let format = if named(".ndjson") || named(".jsonl") { Format::Ndjson } else { Format::Csv };
    let older = fields.get("encoding") == Some("windows-1252");
    Ok(receive::Request {
        authority: own.authority(),
        client: own.client().to_owned(),
        dataset,
        mode: if fields.get("changes").is_some() { Mode::Changes } else { Mode::Full },
        as_at,
        covers_from: None,
        correction: false,
        key: String::new(),
        format,
        compression: None::<Compression>,
        encoding: if older { Encoding::Windows1252 } else { Encoding::Utf8 },
        digest: None,
    })
}

impl Outcome {
    fn of(feed: String, rehearsed: &Rehearsal) -> Self {
        let (verdict, why) = match &rehearsed.judgement {
            Judgement::Accepted => (Verdict::Accepted, None),
            Judgement::AcceptedWithFindings => (Verdict::AcceptedWithFindings, None),
            Judgement::Held(held) => (Verdict::Held, Some(held.to_string())),
            Judgement::Rejected => (Verdict::Rejected, None),
        };
        let state = hub_store::submission::State::Decided;
        let heads = [Head::text("What would come of it")];
        let columns = [Head::text("What"), Head::number("Rows or records")];
        let rows = named_counts().map(|(name, of)| vec![Cell::text(name), Cell::number(of(&rehearsed.counts))]);
        Self {
            feed,
            verdict: Table::new("Verdict", heads).with([vec![verdict_cell(state, Some(verdict))]]),
            why,
            changes: Table::new("What it holds, and what it would change", columns).with(rows),
            breaches: breaches(&rehearsed.report, Uuid::nil()),
        }
    }
}

impl From<ReceiveRefusal> for Refused {
    fn from(refusal: ReceiveRefusal) -> Self {
        match refusal {
            ReceiveRefusal::Fault(fault) => fault.into(),
            ReceiveRefusal::Door(refused) => Self::Invalid(format!("{} What to do: {}", refused.detail, refused.fix)),
            ReceiveRefusal::Future { today } => {
                Self::Invalid(format!("The file describes a day after today, {today}."))
            }
            ReceiveRefusal::Stale { last } => {
                Self::Conflict(format!("A file that describes {last} has been taken already: this one is older."))
            }
            ReceiveRefusal::Sender { dataset } => Self::Invalid(format!("{dataset} is not your authority's to send.")),
            ReceiveRefusal::KeyReused
            | ReceiveRefusal::InProgress
            | ReceiveRefusal::Digest
            | ReceiveRefusal::CoversFrom { .. } => {
                Self::Invalid("The file could not be tried as it was sent.".to_owned())
            }
        }
    }
}
