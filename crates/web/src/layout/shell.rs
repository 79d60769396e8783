use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use hub_pipeline::identity::person::Person;

use crate::assets;
use crate::refused::{Answer, Refused};
use crate::routes::{ROUTES, Route, Who};
use crate::state::Web;

/// The whole page around a body that is rendered already.
#[derive(Template)]
#[template(path = "layout/shell.html")]
struct Shell<'a> {
    title: &'a str,
    stylesheet: &'a str,
    links: Vec<Link>,
    person: Option<&'a str>,
    body: &'a str,
    can_sign_in: bool,
    rehearsal: bool,
}

/// A line of the navigation.
struct Link {
    path: &'static str,
    title: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "layout/refused.html")]
struct NoPage<'a> {
    title: &'a str,
    advice: &'a str,
    sign_in: bool,
}

/// A page of that title, its body in the layout.
pub(crate) fn wrap(
    web: &Web,
    (person, path): (Option<&Person>, &str),
    title: &str,
    body: &str,
) -> Result<Html<String>, askama::Error> {
    let shell = Shell {
        title,
        stylesheet: assets::stylesheet(),
        links: links(person, path),
        person: person.map(Person::name),
        body,
        can_sign_in: web.provider().is_some(),
        rehearsal: web.provider().is_some_and(crate::Provider::is_demonstration),
    };
    shell.render().map(Html)
}

/// The page of a refusal. Faults are logged by whoever knows the request.
pub(crate) fn refuse(web: &Web, person: Option<&Person>, refused: &Refused) -> Response {
    let told = NoPage {
        title: refused.title(),
        advice: refused.advice(),
        sign_in: matches!(refused, Refused::Unknown | Refused::NotSignedIn(_)) && web.provider().is_some(),
    };
    let page: Answer = told
        .render()
        .and_then(|body| wrap(web, (person, ""), refused.title(), &body))
        .map(|page| (refused.status(), page).into_response())
        .map_err(Refused::from);
    // Were even this page not to render, its words would do.
    page.unwrap_or_else(|_| (StatusCode::INTERNAL_SERVER_ERROR, refused.title()).into_response())
}

/// The navigation of that person, at that page.
fn links(person: Option<&Person>, path: &str) -> Vec<Link> {
    let Some(person) = person else { return Vec::new() };
    let shown = ROUTES.iter().filter(|route| route.title.is_some() && admits(route, person));
    let here = shown.clone().map(|route| route.path).filter(|own| leads_to(own, path)).max_by_key(|own| own.len());
    shown
        .map(|route| Link {
            path: route.path,
            title: route.title.unwrap_or_default(),
            current: here == Some(route.path),
        })
        .collect()
}

/// Whether the person's roles open the page.
pub(crate) fn admits(route: &Route, person: &Person) -> bool {
    match route.who {
        Who::Public => true,
        Who::Roles(roles) => roles.iter().any(|role| person.principal().has(*role)),
    }
}

/// Whether a page lies under that line of the navigation.
fn leads_to(link: &str, path: &str) -> bool {
    path.strip_prefix(link).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn a_page_lies_under_its_own_line_and_no_other() {
        assert!(leads_to("/desk", "/desk") && leads_to("/desk", "/desk/notices/{id}"));
        assert!(!leads_to("/desk", "/desktop") && !leads_to("/desk/register", "/desk"));
    }
}
