//! Vacancies, for authorised brokers: homes that would suit a child of whom nothing is said but age, sex, needs, siblings and
//! area. The only page on which homes of one and two places stand: capacities so small are personal data.

mod asked;
mod home;

use askama::Template;
use hub_domain::{Date, authority};
use hub_domain::{Need, Provision};
use hub_pipeline::vacancies;

use crate::layout::Page;
use crate::refused::Answer;
use asked::Asked;
use home::Home;

/// Homes on the page; a search that finds more should say more.
const MOST: usize = 40;

#[derive(Template)]
#[template(path = "vacancies/vacancies.html")]
struct Vacancies {
    as_at: Date,
    asked: Asked,
    provisions: &'static [Provision],
    needs: &'static [Need],
    areas: Vec<(&'static str, &'static str)>,
    total: usize,
    usable: usize,
    homes: Vec<Home>,
}

/// `GET /vacancies`.
pub(crate) async fn search(page: Page) -> Answer {
    let asked = Asked::read(&page)?;
    let asker = page.principal()?.authorities().first().copied();
    let built = vacancies::board(page.hub()).await?;
    let found = built.board.search(asker, asked.filter());
    let view = Vacancies {
        as_at: built.board.as_at(),
        total: found.len(),
        usable: found.iter().filter(|entry| entry.usable).count(),
        homes: found.into_iter().take(MOST).map(|entry| Home::of(entry, page.now())).collect(),
        provisions: Provision::ALL,
        needs: Need::ALL,
        areas: areas(),
        asked,
    };
    page.show("Vacancies", &view)
}

/// Areas to measure from: those of which the centre is known.
fn areas() -> Vec<(&'static str, &'static str)> {
    let known = authority::all().iter().filter(|one| one.centroid.is_some() && one.valid_to.is_none());
    let mut areas: Vec<_> = known.map(|one| (one.code.as_str(), one.name.as_str())).collect();
    areas.sort_by_key(|(_, name)| *name);
    areas
}
