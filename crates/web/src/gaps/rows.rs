//! The rows asked for, largest gap first.

use std::cmp::Reverse;

use super::asked::Asked;
use super::{link, more, need_words};
use crate::chart::Bars;
use crate::figure::{Cell, Column, DataTable, Edition, Figure, Line, Opened, Row};

/// The most bars of a picture; the table has every row.
const BARS: usize = 15;

/// The rows: shown gaps, largest first, then what is hidden, then where nobody waits.
pub(super) fn of<'a>(opened: &'a Opened, asked: &Asked) -> Vec<Line<'a>> {
    let need = asked.need.as_deref().unwrap_or("all");
    let is_meant = |line: &Line<'a>| {
        let takes = |asked: &str, column| Asked::takes(asked, line.word(column));
        let (provision, age) = if asked.need.is_some() { ("all", "all") } else { (&*asked.provision, &*asked.age) };
        line.word("area_level") == "sub_region"
            && takes(&asked.area, "area")
            && takes(provision, "provision")
            && takes(age, "age_band")
            && takes(need, "need")
    };
    let mut lines: Vec<Line<'a>> = opened.lines().filter(is_meant).collect();
    lines.sort_by_key(|line| match line.figure("unserved") {
        Figure::Number(0) | Figure::Held(0) => (2, Reverse(0)),
        Figure::Number(count) | Figure::Held(count) => (0, Reverse(count)),
        Figure::Hidden | Figure::Word(_) | Figure::Blank => (1, Reverse(0)),
    });
    lines
}

/// A row's labels in a few words.
pub(super) fn name(line: Line<'_>) -> String {
    let kind = if line.word("need") == "all" { line.word("provision_name") } else { need_words(line.word("need")) };
    let age = if line.word("age_band") == "all" { String::new() } else { format!(", {}", line.word("age_band")) };
    format!("{}: {kind}{age}", line.word("area"))
}

/// The largest gaps as bars.
pub(super) fn bars(lines: &[Line<'_>]) -> Bars {
    let rows = lines.iter().filter(|line| line.figure("unserved").number() != Some(0)).take(BARS);
    let rows = rows.map(|line| (name(*line), line.figure("unserved"))).collect();
    Bars::of("gap-bars", "Children without a home, largest gaps first", rows)
}

/// The table of every row asked for.
pub(super) fn table(lines: &[Line<'_>], marginal: Option<&Opened>, edition: &Edition) -> DataTable {
    let headings = ["Searching", "Without a home", "No offer in 12 months", "Usable places that could serve them"];
    let figures = headings.map(Column::figures).into_iter();
    let after = ["Nearest usable home, miles", "Weeks waited", "Weeks spent farther or dearer"].map(Column::figures);
    let words = ["Children of", "Age", "Home sought first", "Need"].map(Column::text).into_iter();
    DataTable {
        id: "gap-rows".to_owned(),
        caption: format!("Children waiting for a home on {}, and places that would serve them", edition.day()),
        columns: words.chain(figures).chain(after).chain([Column::text("One more place would serve")]).collect(),
        rows: lines.iter().map(|line| row(*line, marginal)).collect(),
        empty: "No open search is of that kind; or every one of the group stands in a row that is hidden whole."
            .to_owned(),
    }
}

fn row(line: Line<'_>, marginal: Option<&Opened>) -> Row {
    let [area, provision, age] = ["area", "provision", "age_band"].map(|column| line.word(column));
    let of_need = line.word("need") != "all";
    let name = line.word("area_name");
    let first = if of_need { Cell::text(name) } else { link(name, super::address(area, provision, age)) };
    let waits = line.figure("unserved").number() != Some(0);
    let more =
        marginal.filter(|_| waits && !of_need).and_then(|marginal| more::one_more(marginal, [area, provision, age]));
    let measures = [
        "searching",
        "unserved",
        "no_offer",
        "reachable_places",
        "nearest_usable_miles",
        "weeks_waiting",
        "weeks_farther_or_dearer",
    ];
    let words = [
        first,
        Cell::text(if age == "all" { "all ages" } else { age }),
        Cell::text(line.word("provision_name")),
        Cell::text(if of_need { need_words(line.word("need")) } else { "any" }),
    ];
    let figures = measures.map(|measure| Cell::Figure(line.figure(measure)));
    Row::of(words.into_iter().chain(figures).chain([Cell::Text(more.unwrap_or_default())]).collect())
}
