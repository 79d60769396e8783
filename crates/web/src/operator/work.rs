use askama::Template;
use hub_pipeline::schedules::{self, Coming};
use hub_store::job::{self, Job, State};

use crate::layout::{Cell, Head, Page, Table, Tone, name_of, when};
use crate::refused::Answer;

/// Jobs shown.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "operator/work.html")]
struct Work {
    schedules: Table,
    failed: Table,
    latest: Table,
}

/// `GET /operator/work`: what runs when, and what became of it.
pub(crate) async fn work(page: Page) -> Answer {
    page.operator()?;
    let coming = schedules::all(page.hub()).await?;
    let mut link = page.hub().store.read().await?;
    let failed = job::list(&mut link, Some(State::Failed), SHOWN).await?;
    let latest = job::list(&mut link, None, SHOWN).await?;
    let shown = Work {
        schedules: schedule_table(&coming),
        failed: jobs("Jobs that were given up", &failed),
        latest: jobs("Jobs, newest first", &latest),
    };
    page.show("Schedules and jobs", &shown)
}

fn schedule_table(all: &[Coming]) -> Table {
    let heads = [
        Head::text("Schedule"),
        Head::text("Pattern (London)"),
        Head::text("Is it on?"),
        Head::text("Last slot"),
        Head::text("Next run"),
    ];
    let row = |one: &Coming| {
        let on = if one.enabled { Cell::tag(Tone::Good, "on") } else { Cell::tag(Tone::Soon, "switched off") };
        vec![
            Cell::text(&one.name),
            Cell::text(&one.pattern),
            on,
            Cell::text(when(one.last)),
            Cell::text(one.next.map_or_else(|| "–".to_owned(), when)),
        ]
    };
    Table::new("What runs when", heads).with(all.iter().map(row)).or_else("None is registered yet.")
}

fn jobs(caption: &str, all: &[Job]) -> Table {
    let heads = [
        Head::text("Queued"),
        Head::text("Kind"),
        Head::text("For"),
        Head::text("State"),
        Head::number("Attempts"),
        Head::text("Why the last failed"),
    ];
    let row = |one: &Job| {
        let tone = match one.state {
            State::Ready | State::Running => Tone::Plain,
            State::Done => Tone::Good,
            State::Failed => Tone::Urgent,
        };
        let whose = if one.authority == hub_domain::AuthorityCode::default() {
            "the region".to_owned()
        } else {
            name_of(one.authority)
        };
        vec![
            Cell::text(when(one.created_at)),
            Cell::text(&one.kind),
            Cell::text(whose),
            Cell::tag(tone, one.state.label()),
            Cell::number(one.attempt),
            Cell::text(one.error.as_deref().unwrap_or_default()),
        ]
    };
    Table::new(caption, heads).with(all.iter().map(row)).or_else("There is none.")
}
