//! S1 and S2 for people: every page, every persona, what is the person's own, somebody else's and nobody's; and what
//! every page says and does not say.

mod people;
mod table;
mod told;
mod weight;
mod world;

use std::collections::BTreeSet;

use hub_web::{ROUTES, Route};

use table::{PERSONAS, Row, TABLE};
use world::Places;

use crate::matrix::table::Case;

/// Pages without a row, and rows without a page.
fn unmatched<'a>(routes: impl Iterator<Item = &'a Route>, table: &[Row]) -> Vec<String> {
    let routes: BTreeSet<_> = routes.map(|route| format!("{} {}", route.method, route.path)).collect();
    let rows: BTreeSet<_> = table.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    routes.symmetric_difference(&rows).cloned().collect()
}

/// Everything that the pages answer otherwise than the table says.
async fn violations(places: &mut Places, table: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for row in table {
        for case in [Case::Foreign, Case::Absent, Case::Own] {
            for (persona, status) in row.expected(case).into_iter().flatten().enumerate() {
                let answer = places.ask(row, persona, case).await;
                let (method, path, who) = (row.method, row.path, PERSONAS[persona]);
                if answer.status != status {
                    found.push(format!("{method} {path} {case:?} to {who}: {} and not {status}", answer.status));
                }
                let wrong = told::faults(path, &answer);
                found.extend(wrong.into_iter().map(|wrong| format!("{method} {path} {case:?} to {who}: {wrong}")));
            }
        }
    }
    found
}

#[test]
fn every_page_has_a_row_and_every_row_a_page() {
    assert_eq!(unmatched(ROUTES.iter(), TABLE), Vec::<String>::new());
}

#[test]
fn a_page_without_a_row_is_found() {
    assert_eq!(unmatched(ROUTES.iter().skip(1), TABLE), ["GET /"]);
}

hub_testkit::on_both! {
    async fn every_persona_sees_what_the_table_says(hub: TestHub) {
        let mut places = Places::fill(&hub).await;
        // The planted fault: a table that says otherwise of one page is told.
        let found = violations(&mut places, &[table::WRONG]).await;
        assert_eq!(found, ["GET /desk/register Own to operator: 403 and not 200"]);
        let found = violations(&mut places, TABLE).await;
        assert!(found.is_empty(), "{} wrong answers:\n{}", found.len(), found.join("\n"));
    }
}
