//! How a gap stood in the releases before: the last of each day.

use hub_domain::Date;
use hub_pipeline::publish::{self, Audience, Range};
use hub_store::release::{Days, Which};
use jiff::ToSpan as _;

use super::rows::name;
use crate::chart::{Lines, Point};
use crate::figure::{Cell, Column, DataTable, Edition, Figure, Line, Opened, Row};
use crate::layout::Page;
use crate::refused::Refused;

/// Days looked back.
const DAYS: i32 = 31;
/// The measure that is followed.
const MEASURE: &str = "unserved";
/// What tells one row of a table from another.
const LABELS: [&str; 4] = ["area", "age_band", "provision", "need"];

/// The row's gap over the releases of the last month, as a line and as a table; `None` where there is one release alone.
pub(super) async fn of(
    page: &Page,
    edition: &Edition,
    (table, row): (&str, &Line<'_>),
) -> Result<Option<(Lines, DataTable)>, Refused> {
    let audience = if edition.is_public { Audience::Public } else { Audience::Consortium };
    let from = edition.as_at.checked_sub(DAYS.days()).unwrap_or(Date::MIN);
    let to = edition.as_at.tomorrow().unwrap_or(Date::MAX);
    let range = Range {
        audience,
        table: table.to_owned(),
        days: Days { from, to },
        which: Which::Last,
        after: 0,
        limit: i64::from(DAYS) + 1,
    };
    let Some(pages) = publish::range(page.hub(), range).await? else { return Ok(None) };
    let past = Opened::over(table, pages.sheet(page.hub()).await?);
    let labels = LABELS.map(|label| (label, row.word(label)));
    let points: Vec<Point> = past.where_all(&labels).map(point).collect();
    if points.len() < 2 {
        return Ok(None);
    }
    let title = format!("Children without a home, {}, release by release", name(*row));
    let lines = Lines::of("trend", &title, &points);
    Ok(Some((lines, as_table(&title, points))))
}

fn point(line: Line<'_>) -> Point {
    let at = match line.figure("as_at") {
        Figure::Word(day) => day,
        Figure::Number(_) | Figure::Held(_) | Figure::Hidden | Figure::Blank => String::new(),
    };
    Point { at, figure: line.figure(MEASURE), interval: None }
}

fn as_table(title: &str, points: Vec<Point>) -> DataTable {
    DataTable {
        id: "trend-rows".to_owned(),
        caption: title.to_owned(),
        columns: vec![Column::text("Release of"), Column::figures("Without a home")],
        rows: points.into_iter().map(|point| Row::of(vec![Cell::Text(point.at), Cell::Figure(point.figure)])).collect(),
        empty: String::new(),
    }
}
