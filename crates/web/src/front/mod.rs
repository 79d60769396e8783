//! The first page: for anybody what this is, for whoever is signed in what they can do here.

use askama::Template;
use hub_pipeline::identity::person::Person;

use crate::layout::{Page, admits};
use crate::refused::Answer;
use crate::routes::ROUTES;

#[derive(Template)]
#[template(path = "front/front.html")]
struct Front<'a> {
    name: Option<&'a str>,
    links: Vec<(&'static str, &'static str)>,
    can_sign_in: bool,
}

/// The pages that stand in a person's navigation: path and title.
fn offered(person: &Person) -> Vec<(&'static str, &'static str)> {
    let open = ROUTES.iter().filter(|route| admits(route, person));
    open.filter_map(|route| Some((route.path, route.title?))).collect()
}

/// `GET /`.
pub(crate) async fn front(page: Page) -> Answer {
    let person = page.visitor();
    let links = person.map(|person| offered(person)).unwrap_or_default();
    let can_sign_in = page.web().provider().is_some();
    page.show("Sufficiency Hub", &Front { name: person.map(|person| person.name()), links, can_sign_in })
}
