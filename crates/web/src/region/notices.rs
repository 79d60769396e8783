//! Notices to hosts that did not come in time, as published; and whoever asks as a side of them, exactly its own.

use hub_domain::london_date;
use hub_pipeline::publish::Published;
use hub_pipeline::register::Side;
use hub_pipeline::timeliness;

use crate::figure::{Cell, Column, DataTable, Figure, Opened, Row};
use crate::layout::{Page, name_of};
use crate::refused::Refused;

/// The measures shown, and their headings.
const MEASURES: [(&str, &str); 5] = [
    ("starts", "Moves of which notice was due"),
    ("in_time", "In time"),
    ("late", "Late"),
    ("missing", "Missing"),
    ("open", "Not yet due, or just past"),
];

/// The part of the page about notices.
pub(super) struct Notices {
    /// Each placing authority's year.
    pub(super) table: DataTable,
    /// What whoever asks has outstanding itself, in sentences.
    pub(super) own: Vec<String>,
}

/// Each placing authority's twelve months; those with most missing first.
pub(super) async fn of(page: &Page, published: &Published) -> Result<Option<Notices>, Refused> {
    let Some(opened) = Opened::of(published, "notice_timeliness")? else { return Ok(None) };
    let labels = [("month", "all"), ("host", "all")];
    let mut lines: Vec<_> = opened.where_all(&labels).collect();
    let rank = |figure: Figure| std::cmp::Reverse(figure.number().unwrap_or(-1));
    lines.sort_by_key(|line| (line.word("area") != "all", rank(line.figure("missing")), rank(line.figure("late"))));
    let row = |line: &crate::figure::Line<'_>| {
        let figures = MEASURES.iter().map(|(measure, _)| Cell::Figure(line.figure(measure)));
        Row::of(std::iter::once(Cell::text(line.word("area_name"))).chain(figures).collect())
    };
    let headings = MEASURES.iter().map(|(_, words)| Column::figures(*words));
    let table = DataTable {
        id: "notices".to_owned(),
        caption: "Notice given to host authorities in the last twelve months, by placing authority".to_owned(),
        columns: std::iter::once(Column::text("Placing authority")).chain(headings).collect(),
        rows: lines.iter().map(row).collect(),
        empty: "No move into another area was recorded in the last twelve months.".to_owned(),
    };
    Ok(Some(Notices { table, own: own(page).await? }))
}

/// Nothing of it is hidden: each of these notices is the reader's own.
async fn own(page: &Page) -> Result<Vec<String>, Refused> {
    let Ok(principal) = page.principal() else { return Ok(Vec::new()) };
    let since = timeliness::first_day(london_date(page.now()));
    let placed = principal.tenants().into_iter().map(|tenant| Side::Placed(tenant.authority()));
    let hosted = principal.hosts().into_iter().map(|host| Side::Hosted(host.authority()));
    let mut said = Vec::new();
    for side in placed.chain(hosted) {
        let lines = timeliness::own(page.hub(), side, since).await?;
        let (missing, open) =
            lines.iter().fold((0, 0), |(missing, open), line| (missing + line.missing, open + line.open));
        said.push(match side {
            Side::Placed(code) => format!(
                "{}, to other authorities: {missing} missing and {open} not yet given, of the last twelve months.",
                name_of(code)
            ),
            Side::Hosted(code) => format!(
                "{}, from other authorities: {missing} missing and {open} not yet given, of the last twelve months.",
                name_of(code)
            ),
        });
    }
    Ok(said)
}
