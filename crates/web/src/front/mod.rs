//! The first page: for anybody what this is, for whoever is signed in what they can do here.

use askama::Template;

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

/// `GET /`.
pub(crate) async fn front(page: Page) -> Answer {
    let person = page.visitor();
    let open = ROUTES.iter().filter(|route| person.is_some_and(|person| admits(route, person)));
    let links = open.filter_map(|route| Some((route.path, route.title?))).collect();
    let can_sign_in = page.web().provider().is_some();
    page.show("Sufficiency Hub", &Front { name: person.map(|person| person.name()), links, can_sign_in })
}
