use std::collections::BTreeMap;

use askama::Template;
use hub_domain::AuthorityCode;
use hub_notices::ClockStatus;
use hub_pipeline::register::{self, Asked, Entry, Side};
use hub_pipeline::timeliness::{self, Line};

use super::tone::clock_cell;
use crate::layout::{Cell, Head, Page, Table, date, name_of};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "desk/overdue.html")]
struct Overdue {
    authority: String,
    code: String,
    now: Table,
    year: Table,
}

/// One authority's starts of a year, counted.
#[derive(Default)]
struct Sum {
    starts: u32,
    in_time: u32,
    late: u32,
    missing: u32,
    open: u32,
}

/// `GET /desk/overdue`: of which children notice is overdue now, and who has given it late in the last twelve months.
pub(crate) async fn overdue(page: Page) -> Answer {
    let host = page.host()?.authority();
    let side = Side::Hosted(host);
    let entries = register::whole(page.hub(), side, Asked::of(page.today())).await?;
    let lines = timeliness::own(page.hub(), side, timeliness::first_day(page.today())).await?;
    let shown = Overdue { authority: name_of(host), code: host.to_string(), now: now(&entries), year: year(&lines) };
    page.show("Who gives notice late", &shown)
}

fn now(entries: &[Entry]) -> Table {
    let heads = [
        Head::text("Child"),
        Head::text("Placed by"),
        Head::text("Living here from"),
        Head::text("Notice"),
        Head::text("Who has given notice"),
    ];
    let late = |entry: &&Entry| entry.clock.as_ref().is_some_and(|clock| clock.status == ClockStatus::Overdue);
    let mut late: Vec<&Entry> = entries.iter().filter(late).collect();
    late.sort_by_key(|entry| entry.clock.as_ref().map(|clock| clock.working_days));
    let rows = late.into_iter().map(|entry| {
        vec![
            Cell::link(format!("/desk/notices/{}", entry.notice), super::inbox::short(&entry.child_ref)),
            Cell::text(name_of(entry.placing.code)),
            Cell::text(date(entry.since)),
            clock_cell(entry.clock.as_ref()),
            Cell::text(entry.standing.label()),
        ]
    });
    Table::new("Children of whom notice is overdue, longest first", heads)
        .with(rows)
        .or_else("Notice is overdue of no child living here.")
}

fn year(lines: &[Line]) -> Table {
    let mut sums: BTreeMap<AuthorityCode, Sum> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line.placing).or_default();
        sum.starts += line.starts;
        sum.in_time += line.in_time;
        sum.late += line.late;
        sum.missing += line.missing;
        sum.open += line.open;
    }
    let heads = [
        Head::text("Placed by"),
        Head::number("Children who came"),
        Head::number("Notice in time"),
        Head::number("Late"),
        Head::number("Not at all"),
        Head::number("Not due yet"),
    ];
    let mut rows: Vec<(AuthorityCode, Sum)> = sums.into_iter().collect();
    rows.sort_by_key(|(code, sum)| (std::cmp::Reverse(sum.late + sum.missing), *code));
    let rows = rows.into_iter().map(|(code, sum)| {
        let counts = [sum.starts, sum.in_time, sum.late, sum.missing, sum.open].map(Cell::number);
        std::iter::once(Cell::text(name_of(code))).chain(counts).collect()
    });
    Table::new("How notice came in the last twelve months, by placing authority", heads)
        .with(rows)
        .or_else("No child came here in the last twelve months of whom notice was due.")
}
