use std::sync::Arc;

use askama::Template;
use hub_notices::NoticeState;
use hub_pipeline::notices::{self, Known};
use hub_pipeline::register::{self, Asked, Entry, Side};
use hub_store::notice::Filter;

use super::tone::{clock_cell, pressing, state_cell};
use crate::layout::{Cell, Choice, Head, Page, Paging, Table, choices, date, name_of};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "desk/inbox.html")]
struct Inbox {
    authority: String,
    /// Where the person speaks for several: which it is, and the others.
    authorities: Vec<Choice>,
    figures: Figures,
    states: Vec<Choice>,
    open: bool,
    table: Table,
    next: Option<String>,
    code: String,
}

/// The morning in four numbers.
struct Figures {
    children: usize,
    unanswered: usize,
    overdue: usize,
    without_details: usize,
}

/// `GET /desk`: the notices to one host authority, newest first. What is shown counts as delivered.
pub(crate) async fn inbox(page: Page) -> Answer {
    let host = page.host()?.authority();
    let paging = Paging::read(&page)?;
    let state: Option<NoticeState> = page.query().parsed("state", "a state of a notice")?;
    let open = page.query().get("open").is_some();
    let filter = Filter { state, open, before: paging.after, limit: paging.limit };
    let mut found = notices::browse(page.hub(), host, &filter).await?;
    if page.is_shown() {
        let hub = Arc::clone(page.hub());
        found = page.web().write(async move { notices::take(&hub, found).await }).await?;
    }
    let here = register::whole(page.hub(), Side::Hosted(host), Asked::of(page.today())).await?;
    let last = found.last().map(|known| (known.raised_at, known.notice.id));
    let shown = Inbox {
        authority: name_of(host),
        authorities: choices(page.principal()?.hosts().iter().map(hub_pipeline::identity::Host::authority), host),
        figures: Figures::of(&here),
        states: states(state),
        open,
        next: paging.next(found.len(), last),
        table: table(&page, &found),
        code: host.to_string(),
    };
    page.show("Notices to us", &shown)
}

fn table(page: &Page, found: &[Known]) -> Table {
    let heads = [
        Head::text("Child"),
        Head::text("Placed by"),
        Head::text("Living here from"),
        Head::text("State"),
        Head::text("Most pressing clock"),
        Head::text("Who has given notice"),
    ];
    let row = |known: &Known| {
        let notice = &known.notice;
        let clocks = known.clocks(page.hub());
        vec![
            Cell::link(format!("/desk/notices/{}", notice.id), short(&notice.child_ref)),
            Cell::text(name_of(notice.placing)),
            Cell::text(date(notice.there_from())),
            state_cell(notice.state),
            clock_cell(pressing(&clocks)),
            Cell::text(notice.standing().label()),
        ]
    };
    let table = Table::new("Notices, newest first", heads).with(found.iter().map(row));
    table.or_else("There is no such notice.")
}

/// As much of a pseudonym as tells children apart on one page; the notice has all of it.
pub(crate) fn short(child_ref: &str) -> String {
    let begins: String = child_ref.chars().take(10).collect();
    if begins.len() < child_ref.len() { format!("{begins}…") } else { begins }
}

fn states(chosen: Option<NoticeState>) -> Vec<Choice> {
    // A host never sees what is held or only drafted.
    let shown = NoticeState::ALL.iter().filter(|state| !matches!(state, NoticeState::Draft | NoticeState::Held));
    shown
        .map(|state| Choice {
            value: state.to_string(),
            label: state.label().to_owned(),
            chosen: chosen == Some(*state),
        })
        .collect()
}

impl Figures {
    fn of(here: &[Entry]) -> Self {
        let unanswered =
            |entry: &&Entry| matches!(entry.state, NoticeState::Raised | NoticeState::Delivered | NoticeState::Opened);
        let is_overdue = |clock: &hub_notices::Clock| clock.status == hub_notices::ClockStatus::Overdue;
        let overdue = |entry: &&Entry| entry.clock.iter().chain(&entry.ending_clock).any(is_overdue);
        let lacks = |entry: &&Entry| entry.details == hub_notices::Details::Outstanding;
        Self {
            children: here.len(),
            unanswered: here.iter().filter(unanswered).count(),
            overdue: here.iter().filter(overdue).count(),
            without_details: here.iter().filter(lacks).count(),
        }
    }
}
