//! Feeds that did not come: each borough sees its own, whoever runs the hub all of them; everybody else sees of which
//! authorities a feed is missing from the release, as its basis says.

use hub_domain::{AuthorityCode, Dataset};
use hub_pipeline::feeds::{self, Arrival, Feed};
use hub_pipeline::publish::Published;
use serde_json::Value;

use crate::figure::{Cell, Column, DataTable, Opened, Row, is_consortium};
use crate::layout::{Page, date, name_of, when};
use crate::refused::Refused;

/// The part of the page about feeds.
pub(super) struct Feeds {
    /// Whose feeds these are.
    pub(super) words: &'static str,
    /// Those that did not come; `None` for whoever may not know.
    pub(super) table: Option<DataTable>,
}

/// What whoever asks may know of feeds that did not come.
pub(super) async fn of(page: &Page, published: Option<&Published>) -> Result<Feeds, Refused> {
    let Ok(principal) = page.principal() else { return Ok(nothing()) };
    if principal.operator().is_ok() {
        let late = feeds::feeds(page.hub(), None).await?.into_iter().filter(is_late).collect();
        return Ok(Feeds { words: "Of every authority's feeds.", table: Some(told(late)) });
    }
    let tenants = principal.tenants();
    if !tenants.is_empty() {
        let mut late = Vec::new();
        for tenant in tenants {
            late.extend(feeds::feeds(page.hub(), Some(tenant.authority())).await?.into_iter().filter(is_late));
        }
        return Ok(Feeds { words: "Of your own feeds; other boroughs' are shown to them.", table: Some(told(late)) });
    }
    match published.filter(|_| is_consortium(page)) {
        Some(published) => Ok(Feeds {
            words: "Of the feeds that this release could have been made of. How each stands tonight is shown to whoever sends it, \
                    and to whoever runs the hub.",
            table: Some(not_held(published)?),
        }),
        None => Ok(nothing()),
    }
}

fn nothing() -> Feeds {
    Feeds { words: "Which feeds are late is shown to those who send them, and to whoever runs the hub.", table: None }
}

fn is_late(feed: &Feed) -> bool {
    matches!(feed.arrival, Arrival::Late | Arrival::Missing | Arrival::Never)
}

fn told(late: Vec<Feed>) -> DataTable {
    let row = |feed: Feed| {
        let how = match feed.arrival {
            Arrival::Missing => "missing: the grace has passed too",
            Arrival::Never => "has never come",
            Arrival::Late | Arrival::OnTime | Arrival::ArrivedLate | Arrival::Expected => "late",
        };
        Row::of(vec![
            Cell::Text(name_of(feed.authority)),
            Cell::text(feed.dataset.as_str()),
            Cell::Text(when(feed.due_at)),
            Cell::text(how),
            Cell::Text(feed.last_as_at.map_or_else(|| "never".to_owned(), date)),
        ])
    };
    DataTable {
        id: "feeds".to_owned(),
        caption: "Feeds that have not come by the agreed time".to_owned(),
        columns: ["Authority", "Feed", "Was due", "How it stands", "Last one was true of"].map(Column::text).to_vec(),
        rows: late.into_iter().map(row).collect(),
        empty: "No feed is late.".to_owned(),
    }
}

/// Members of which the release holds not all of the usual feeds.
fn not_held(published: &Published) -> Result<DataTable, Refused> {
    let basis: Value = serde_json::from_str(&published.release.basis).unwrap_or_default();
    let members: Vec<AuthorityCode> = match Opened::of(published, "net_import")? {
        Some(opened) => opened.lines().filter_map(|line| line.word("area").parse().ok()).collect(),
        None => Vec::new(),
    };
    let row = |member: AuthorityCode| {
        let lacks = |dataset: &&Dataset| basis.get(member.as_str()).and_then(|of| of.get(dataset.as_str())).is_none();
        let missing: Vec<&str> = Dataset::USUAL.iter().filter(lacks).map(|dataset| dataset.as_str()).collect();
        (!missing.is_empty()).then(|| Row::of(vec![Cell::Text(name_of(member)), Cell::Text(missing.join(", "))]))
    };
    Ok(DataTable {
        id: "feeds".to_owned(),
        caption: "Authorities of which a usual feed is not in this release".to_owned(),
        columns: ["Authority", "Not in the release"].map(Column::text).to_vec(),
        rows: members.into_iter().filter_map(row).collect(),
        empty: "Every member's usual feeds are in this release.".to_owned(),
    })
}
