//! Around every page: who is signed in, whether the row of the list admits them, and a page in place of a refusal.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use hub_pipeline::identity::person::{self, Person};
use url::form_urlencoded::byte_serialize;

use super::cookie::Cookie;
use super::origin;
use crate::layout::{Seen, admits, refuse};
use crate::refused::Refused;
use crate::routes::{Route, Who};
use crate::state::Web;

/// No script, no frame, no plug-in, no other site: a page is its own words, our stylesheet, and images it holds itself.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Lets a request through to its handler, if the row admits whoever asks.
pub(crate) async fn admit(
    State((web, route)): State<(Web, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    let (method, asked) = (request.method().clone(), request.uri().path_and_query().map(ToString::to_string));
    let person = match known(&web, request.headers()).await {
        Ok(person) => person,
        Err(refused) => return finish(tell(&web, None, &refused, route), None),
    };
    let response = match judge(&web, route, person.as_deref(), (&method, request.headers())) {
        Ok(()) => {
            request.extensions_mut().insert(Seen { route, person: person.clone() });
            next.run(request).await
        }
        Err(Refused::Unknown) if web.provider().is_some() => to_sign_in(&method, asked.as_deref()),
        Err(refused) => refused.into_response(),
    };
    let response = match response.extensions().get::<Refused>().cloned() {
        Some(refused) => tell(&web, person.as_deref(), &refused, route),
        None => response,
    };
    finish(response, person.as_deref())
}

/// Who is signed in, by the cookie.
async fn known(web: &Web, headers: &HeaderMap) -> Result<Option<Arc<Person>>, Refused> {
    match Cookie::Session.read(headers, web.is_secure()) {
        Some(token) => {
            let found = person::who(web.hub(), token).await?;
            if let Some(session) = found.as_ref().and_then(|person| person.unnoted()).map(str::to_owned) {
                let hub = Arc::clone(web.hub());
                // Nobody waits for it: a page is shown though the database is busy or full.
                web.aside(async move { person::note(&hub, &session).await });
            }
            Ok(found)
        }
        None => Ok(None),
    }
}

fn judge(
    web: &Web,
    route: &Route,
    person: Option<&Person>,
    (method, headers): (&Method, &HeaderMap),
) -> Result<(), Refused> {
    if !origin::is_own(method, headers, web.base()) {
        return Err(Refused::Strange);
    }
    match (route.who, person) {
        (Who::Public, _) => Ok(()),
        (Who::Roles(_), None) => Err(Refused::Unknown),
        (Who::Roles(_), Some(person)) if admits(route, person) => Ok(()),
        (Who::Roles(_), Some(_)) => Err(Refused::Forbidden),
    }
}

/// The way to sign in, and from there back to what was asked for: to a page, that is; a form is sent anew.
fn to_sign_in(method: &Method, asked: Option<&str>) -> Response {
    let back = asked.filter(|_| matches!(*method, Method::GET | Method::HEAD));
    let back = back.map(|to| format!("?to={}", byte_serialize(to.as_bytes()).collect::<String>()));
    Redirect::to(&format!("/sign-in{}", back.unwrap_or_default())).into_response()
}

/// The page of a refusal; a fault's reason goes to the log, where it says which page it was.
fn tell(web: &Web, person: Option<&Person>, refused: &Refused, route: &Route) -> Response {
    if let Refused::Fault(error) = refused {
        let cause: &(dyn std::error::Error + 'static) = error.as_ref();
        tracing::error!(page = route.path, method = route.method, error = cause, "a page failed");
    }
    refuse(web, person, refused)
}

/// What every page says to the browser. What a signed-in person sees is kept nowhere.
fn finish(mut response: Response, person: Option<&Person>) -> Response {
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    say(header::CONTENT_SECURITY_POLICY, POLICY);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // With `no-referrer` browsers would send forms with the origin `null`.
    say(header::REFERRER_POLICY, "same-origin");
    say(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    say(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if person.is_some() || !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
