//! One table over the releases of some days: what a reporting tool reads bit by bit.
//!
//! Pages are of whole releases in the order of their numbers. A release never changes, so the same page of days that are
//! past is the same for ever, and says so by its tag.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use hub_disclosure::{MARKER, csv_line, plain};
use hub_store::release::{self, Days, Edition, Which};
use hub_sufficiency::{Layout, layout};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::sheet::{Column, Field, Sheet};
use super::{Audience, Form, columnar};
use crate::receive::hex;
use crate::{Fault, Hub};

/// Once the releases of a page hold so many bytes of JSON, the rest is for the next page.
const ENOUGH: i64 = 8 << 20;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Range {
    /// Whose releases.
    pub audience: Audience,
    /// The table's name.
    pub table: String,
    /// True of which days.
    pub days: Days,
    /// Which of the releases of one day.
    pub which: Which,
    /// The number of the last release of the page before; nought for the first page.
    pub after: i64,
    /// The most releases on the page.
    pub limit: i64,
}

/// A page: which releases are on it. Their rows are read when they are wanted.
#[derive(Debug)]
pub struct Pages {
    range: Range,
    editions: Vec<Edition>,
    /// The number of the page's last release, when there are more after it.
    pub next: Option<i64>,
    /// Says what is on the page: alike for two that say the same.
    pub digest: String,
}

/// Finds the page; `None` where no table of that name is published.
pub async fn range(hub: &Hub, range: Range) -> Result<Option<Pages>, Fault> {
    let Some(layout) = layout(&range.table) else { return Ok(None) };
    let Range { audience, table, days, which, after, limit } = &range;
    let mut link = hub.store.read().await?;
    let one_more = limit.saturating_add(1);
    let found = release::editions(&mut link, (audience.as_str(), table), (*days, *which), (*after, one_more)).await?;
    let kept = fitting(&found, *limit);
    let next = found.get(kept..).is_some_and(|rest| !rest.is_empty());
    let editions: Vec<Edition> = found.into_iter().take(kept).collect();
    let next = editions.last().map(|last| last.number).filter(|_| next);
    let digest = digest_of(&range, layout, &editions);
    Ok(Some(Pages { range, editions, next, digest }))
}

/// How many of the releases found are on the page: one at least, if there is any.
fn fitting(found: &[Edition], limit: i64) -> usize {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut bytes = 0;
    let fits = |edition: &&Edition| {
        let is_first = bytes == 0;
        bytes += edition.bytes.max(1);
        is_first || bytes <= ENOUGH
    };
    found.iter().take(most).take_while(fits).count()
}

fn digest_of(range: &Range, layout: &Layout, editions: &[Edition]) -> String {
    let which: Vec<_> = editions.iter().map(|edition| (edition.release, &edition.digest)).collect();
    let said = format!("{:?} {:?} {layout:?} {which:?}", range.days, range.after);
    hex(digest(&SHA256, said.as_bytes()).as_ref())
}

impl Pages {
    /// The rows of every release on the page, under today's columns; `next` is the address of the next page, which JSON
    /// names too.
    pub async fn render(self, hub: &Arc<Hub>, form: Form, next: Option<String>) -> Result<Vec<u8>, Fault> {
        let documents = self.documents(hub).await?;
        hub.blocking(move || {
            let sheet = self.read(&documents)?;
            match form {
                Form::Json => self.json(&sheet, next.as_deref()),
                Form::Csv => Ok(csv(&sheet)),
                Form::Parquet => columnar::write(&sheet),
            }
        })
        .await?
    }

    /// The same rows, for whoever draws them.
    pub async fn sheet(self, hub: &Arc<Hub>) -> Result<Sheet, Fault> {
        let documents = self.documents(hub).await?;
        hub.blocking(move || self.read(&documents)).await?
    }

    async fn documents(&self, hub: &Hub) -> Result<Vec<Vec<u8>>, Fault> {
        let mut documents = Vec::with_capacity(self.editions.len());
        let mut link = hub.store.read().await?;
        for edition in &self.editions {
            let found = release::table(&mut link, edition.release, &self.range.table).await?;
            documents.push(found.ok_or(Fault::Inconsistent("a release without its table"))?.json);
        }
        Ok(documents)
    }

    fn read(&self, documents: &[Vec<u8>]) -> Result<Sheet, Fault> {
        let mut sheet = Sheet::empty(&self.range.table).ok_or(Fault::Inconsistent("a table without columns"))?;
        for document in documents {
            sheet.append(document)?;
        }
        Ok(sheet)
    }

    fn json(&self, sheet: &Sheet, next: Option<&str>) -> Result<Vec<u8>, Fault> {
        let Self { range, editions, .. } = self;
        let document = Document {
            table: &range.table,
            title: layout(&range.table).map_or("", |layout| &layout.title),
            from: range.days.from.to_string(),
            to: range.days.to.to_string(),
            marker: MARKER,
            columns: &sheet.columns,
            releases: editions.iter().map(Listed::of).collect(),
            rows: FlatRows(sheet),
            next,
        };
        serde_json::to_vec(&document).map_err(|_| Fault::Inconsistent("a page of rows"))
    }
}

/// The text of a single release's file, release after release under one heading.
fn csv(sheet: &Sheet) -> Vec<u8> {
    let mut out = String::new();
    csv_line(&mut out, sheet.columns.iter().map(|column| plain(&column.name)));
    for row in &sheet.rows {
        csv_line(&mut out, row.iter().map(csv_field));
    }
    out.into_bytes()
}

fn csv_field(field: &Field) -> String {
    match field {
        Field::Blank => String::new(),
        Field::Hidden => MARKER.to_owned(),
        Field::Number(number) => number.to_string(),
        Field::Text(text) => plain(text),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    table: &'a str,
    title: &'a str,
    from: String,
    to: String,
    marker: &'a str,
    columns: &'a [Column],
    releases: Vec<Listed>,
    rows: FlatRows<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct Listed {
    release: String,
    number: i64,
    as_at: String,
}

impl Listed {
    fn of(edition: &Edition) -> Self {
        let Edition { release, number, as_at, .. } = edition;
        Self { release: release.to_string(), number: *number, as_at: as_at.to_string() }
    }
}

struct FlatRows<'a>(&'a Sheet);

impl Serialize for FlatRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&FlatRow(&self.0.columns, row))?;
        }
        rows.end()
    }
}

struct FlatRow<'a>(&'a [Column], &'a [Field]);

impl Serialize for FlatRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(Some(self.0.len()))?;
        for (column, field) in self.0.iter().zip(self.1) {
            row.serialize_entry(&column.name, field)?;
        }
        row.end()
    }
}

impl Serialize for Field {
    /// A number, the marker, text, or null: as in a published table.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Blank => serializer.serialize_none(),
            Self::Hidden => serializer.serialize_str(MARKER),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_when_it_is_long_enough_and_holds_one_release_however_long() {
        let edition = |bytes| Edition {
            release: uuid::Uuid::nil(),
            number: 1,
            as_at: jiff::civil::date(2026, 3, 1),
            digest: String::new(),
            bytes,
        };
        let table = [
            (vec![], 31, 0),
            (vec![10, 10, 10], 31, 3),
            (vec![10, 10, 10], 2, 2),
            (vec![ENOUGH * 2, 10], 31, 1),
            (vec![10, ENOUGH, 10], 31, 1),
            (vec![ENOUGH - 10, 10, 1], 31, 2),
        ];
        for (bytes, limit, expected) in table {
            let found: Vec<Edition> = bytes.iter().copied().map(edition).collect();
            assert_eq!(fitting(&found, limit), expected, "{bytes:?} {limit}");
        }
    }
}
