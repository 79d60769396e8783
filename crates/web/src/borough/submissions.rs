use askama::Template;
use hub_domain::AuthorityCode;
use hub_store::submission::{self, Filter, Submission};

use super::words::{dataset_name, verdict_cell};
use crate::layout::{Cell, Head, Page, Paging, Table, date, name_of, when};
use crate::refused::{Answer, Refused};

/// Submissions on the first page.
const FEW: i64 = 8;

#[derive(Template)]
#[template(path = "borough/submissions.html")]
struct Submissions {
    authority: String,
    code: String,
    table: Table,
    next: Option<String>,
}

/// `GET /borough/submissions`: everything that was sent, newest first.
pub(crate) async fn submissions(page: Page) -> Answer {
    let own = page.tenant()?.authority();
    let paging = Paging::read(&page)?;
    let filter = Filter { authority: Some(own), dataset: None, before: paging.after, limit: paging.limit };
    let found = read(&page, own, &filter).await?;
    let last = found.last().map(|one| (one.received_at, one.id));
    let shown = Submissions {
        authority: name_of(own),
        code: own.to_string(),
        next: paging.next(found.len(), last),
        table: list("Submissions, newest first", &found),
    };
    page.show("Everything that was sent", &shown)
}

/// What the authority sent last.
pub(super) async fn latest(page: &Page, own: AuthorityCode) -> Result<Vec<Submission>, Refused> {
    read(page, own, &Filter { authority: Some(own), dataset: None, before: None, limit: FEW }).await
}

/// Read as nobody but the authority (promise S2).
pub(super) async fn read(page: &Page, own: AuthorityCode, filter: &Filter) -> Result<Vec<Submission>, Refused> {
    let mut link = page.hub().store.read_as(own).await?;
    Ok(submission::list(&mut link, filter).await?)
}

/// Submissions as a table.
pub(super) fn list(caption: &str, all: &[Submission]) -> Table {
    let heads = [
        Head::text("Received"),
        Head::text("Feed"),
        Head::text("Describes"),
        Head::text("What became of it"),
        Head::number("Rows read"),
        Head::number("Rows left out"),
        Head::number("Records changed"),
    ];
    let row = |one: &Submission| {
        let count = |of: fn(&submission::Counts) -> u64| {
            Cell::number(one.counts.as_ref().map_or_else(|| "–".to_owned(), |counts| of(counts).to_string()))
        };
        vec![
            Cell::link(format!("/borough/submissions/{}", one.id), when(one.received_at)),
            Cell::text(dataset_name(one.dataset)),
            Cell::text(date(one.as_at)),
            verdict_cell(one.state, one.verdict),
            count(|counts| counts.rows_read),
            count(|counts| counts.rows_rejected),
            count(|counts| counts.opened + counts.amended + counts.closed),
        ]
    };
    Table::new(caption, heads).with(all.iter().map(row)).or_else("Nothing has been sent yet.")
}
