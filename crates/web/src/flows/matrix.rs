//! Every placing authority by every host.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::AuthorityCode;

use super::Measure;
use crate::chart::{Matrix, letters};
use crate::figure::{Cell, Column, DataTable, Edition, Figure, Opened, Row};

/// Hosts that are no authority: what is placed outside, what is not known, and everything.
const BESIDE: [(&str, &str); 3] = [("outside_region", "Outside the region"), ("unknown", "Not known"), ("all", "All")];

/// Authorities of the flows, those to choose from: code, name, whether it is chosen.
pub(super) fn authorities(opened: &Opened, of: Option<AuthorityCode>) -> Vec<(String, String, bool)> {
    let is_chosen = |code: &str| of.is_some_and(|of| of.as_str() == code);
    let named = members(opened).into_iter();
    named.map(|(code, name)| (code.to_owned(), name.to_owned(), is_chosen(code))).collect()
}

/// The picture and the table.
pub(super) fn of(opened: &Opened, (measure, edition): (Measure, &Edition)) -> (Matrix, DataTable) {
    let members = members(opened);
    let mut figures: BTreeMap<(&str, &str), Figure> = BTreeMap::new();
    for line in opened.lines() {
        figures.insert((line.word("area"), line.word("host")), line.figure(measure.column()));
    }
    let figure =
        |placing: &str, host: &str| figures.get(&(placing, host)).filter(|figure| !is_nothing(figure)).cloned();
    let codes: Vec<&str> = members.iter().map(|(code, _)| *code).collect();
    let title =
        format!("{}, by the authority that placed and the authority that hosts, {}", measure.words(), edition.day());
    let description = "A row for each placing authority and a column for each host, by their three letters. A square is shaded by \
                       the figure printed in it; an empty one is a pair with nothing. The table that follows says the same.";
    let picture = Matrix::of("matrix", (title.clone(), description.to_owned()), (&codes, &codes), figure);
    let hosts = codes.iter().copied().chain(BESIDE.iter().map(|(key, _)| *key));
    let hosts: Vec<&str> = hosts.collect();
    let row = |(code, name): &(&str, &str)| {
        let heading = Cell::Link(format!("{name} ({})", letters(code)), format!("/flows?of={code}"));
        let cells = hosts.iter().map(|host| figure(code, host).map_or_else(|| Cell::text(""), Cell::Figure));
        Row::of(std::iter::once(heading).chain(cells).collect())
    };
    let table = DataTable {
        id: "flows".to_owned(),
        caption: format!("{title}. Rows place, columns host; an empty cell is a pair with nothing."),
        columns: std::iter::once(Column::text("Placing authority"))
            .chain(codes.iter().map(|code| Column::figures(letters(code))))
            .chain(BESIDE.iter().map(|(_, words)| Column::figures(*words)))
            .collect(),
        rows: members.iter().map(row).collect(),
        empty: "No authority has told where its children live yet.".to_owned(),
    };
    (picture, table)
}

/// Nothing of that kind: the row is there for the other measure.
fn is_nothing(figure: &Figure) -> bool {
    matches!(figure, Figure::Blank | Figure::Number(0))
}

/// Placing authorities by code and name, in the order of their names.
fn members(opened: &Opened) -> Vec<(&str, &str)> {
    let placing = opened.lines().filter(|line| line.word("area_level") == "authority");
    let found: BTreeSet<(&str, &str)> = placing.map(|line| (line.word("area_name"), line.word("area"))).collect();
    found.into_iter().map(|(name, code)| (code, name)).collect()
}
