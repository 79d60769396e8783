//! Where one authority's children live, and whose children live in its area.

use std::cmp::Reverse;

use hub_domain::AuthorityCode;

use super::Measure;
use crate::chart::Bars;
use crate::figure::{Cell, Column, DataTable, Edition, Figure, Line, Opened, Row};
use crate::layout::name_of;

/// The most bars; the table has every row.
const BARS: usize = 15;

/// Where the authority's children live.
pub(super) fn out(opened: &Opened, of: AuthorityCode, (measure, edition): (Measure, &Edition)) -> (Bars, DataTable) {
    let own = opened.lines().filter(|line| line.word("area") == of.as_str());
    let (wide, each): (Vec<Line<'_>>, Vec<Line<'_>>) = own.partition(|line| line.word("host_level") != "authority");
    let title = format!("Where {}'s children live, {}", name_of(of), edition.day());
    let side = Side { id: "out", title, heading: "Living in", name: "host_name", code: "host" };
    side.show(measure, (wide, each))
}

/// Whose children live in the authority's area.
pub(super) fn into(opened: &Opened, of: AuthorityCode, (measure, edition): (Measure, &Edition)) -> (Bars, DataTable) {
    let hosted = opened.lines().filter(|line| line.word("host") == of.as_str());
    let (wide, each): (Vec<Line<'_>>, Vec<Line<'_>>) = hosted.partition(|line| line.word("area_level") != "authority");
    let title = format!("Whose children live in {}, {}", name_of(of), edition.day());
    let side = Side { id: "into", title, heading: "Children of", name: "area_name", code: "area" };
    side.show(measure, (wide, each))
}

/// One side of an authority's flows.
struct Side {
    id: &'static str,
    title: String,
    heading: &'static str,
    name: &'static str,
    code: &'static str,
}

impl Side {
    /// Totals first, then the authorities, most first.
    fn show(self, measure: Measure, (wide, mut each): (Vec<Line<'_>>, Vec<Line<'_>>)) -> (Bars, DataTable) {
        let column = measure.column();
        let has = |line: &Line<'_>| !matches!(line.figure(column), Figure::Number(0) | Figure::Blank);
        each.retain(has);
        each.sort_by_key(|line| Reverse(line.figure(column).number().unwrap_or(-1)));
        let bars = each.iter().take(BARS).map(|line| (line.word(self.name).to_owned(), line.figure(column)));
        let bars = Bars::of(&format!("{}-bars", self.id), &self.title, bars.collect());
        let total =
            |line: &Line<'_>| Row::of(vec![Cell::text(line.word(self.name)), Cell::Figure(line.figure(column))]);
        let row = |line: &Line<'_>| {
            let to = format!("/flows?of={}", line.word(self.code));
            Row::of(vec![Cell::Link(line.word(self.name).to_owned(), to), Cell::Figure(line.figure(column))])
        };
        let table = DataTable {
            id: self.id.to_owned(),
            caption: self.title,
            columns: vec![Column::text(self.heading), Column::figures(measure.words())],
            rows: wide.iter().map(total).chain(each.iter().map(row)).collect(),
            empty: "The release has nobody of that kind.".to_owned(),
        };
        (bars, table)
    }
}
