use askama::Template;
use hub_domain::Date;
use hub_pipeline::readings::Thing;
use hub_pipeline::register::{self, Asked, Entry, Side};

use super::inbox::short;
use super::tone::{clock_cell, state_cell};
use crate::layout::{Cell, Head, Page, Table, date, name_of, plural};
use crate::refused::Answer;

#[derive(Template)]
#[template(path = "desk/register.html")]
struct Register {
    authority: String,
    code: String,
    as_of: Date,
    count: String,
    table: Table,
}

/// `GET /desk/register`: the children whom others have placed in the area, on a day.
pub(crate) async fn register(page: Page) -> Answer {
    let own = page.host()?;
    let host = own.authority();
    let asked: Option<Date> = page.query().parsed("as_of", "a date such as 2026-04-01")?;
    let as_of = asked.unwrap_or_else(|| page.today());
    let entries = register::whole(page.hub(), Side::Hosted(host), Asked::of(as_of)).await?;
    let seen = entries.iter().map(|entry| (entry.placing.code, String::new())).collect();
    page.note((&own).into(), Thing::Register, seen);
    let lines = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let shown = Register {
        authority: name_of(host),
        code: host.to_string(),
        as_of,
        count: plural(lines, "line"),
        table: table(&entries),
    };
    page.show("Register of children living here", &shown)
}

fn table(entries: &[Entry]) -> Table {
    let heads = [
        Head::text("Child"),
        Head::text("Born"),
        Head::text("Placed by"),
        Head::text("From"),
        Head::text("Until"),
        Head::text("Kind of home"),
        Head::text("URN"),
        Head::text("Postcode sector"),
        Head::text("Distance"),
        Head::text("State"),
        Head::text("Notice"),
        Head::text("Needs and care plan"),
    ];
    let row = |entry: &Entry| {
        let placing = entry.placing.name.clone().unwrap_or_else(|| entry.placing.code.to_string());
        let terms = &entry.terms;
        let until = entry.until.or(entry.meant_until).map_or_else(String::new, date);
        vec![
            Cell::link(format!("/desk/notices/{}", entry.notice), short(&entry.child_ref)),
            Cell::text(&terms.birth_month),
            Cell::text(placing),
            Cell::text(date(entry.since)),
            Cell::text(until),
            Cell::text(terms.placement_group.map_or(terms.placement_type.as_str(), |group| group.label())),
            Cell::text(terms.urn.as_deref().unwrap_or_default()),
            Cell::text(terms.placement_sector.as_deref().unwrap_or_default()),
            Cell::text(terms.class.label()),
            state_cell(entry.state),
            clock_cell(entry.clock.as_ref()),
            Cell::text(entry.details.label()),
        ]
    };
    Table::new("Children living here, latest arrival first", heads)
        .with(entries.iter().map(row))
        .or_else("No child whom another authority placed lived here on that day, as far as the hub knows.")
}
