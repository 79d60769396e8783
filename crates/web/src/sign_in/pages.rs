use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use hub_pipeline::identity::person::{self, EntryRefusal, Expectation};

use super::provider::{Provider, ProviderError};
use crate::layout::{Page, lead_to};
use crate::refused::{Answer, Refused};
use crate::session::cookie::Cookie;

/// The longest address that is led back to.
const LONGEST: usize = 1_024;

#[derive(Template)]
#[template(path = "sign_in/ask.html")]
struct Ask<'a> {
    /// The address that begins it.
    begin: String,
    issuer: &'a str,
    demonstration: bool,
    name: Option<&'a str>,
}

/// `GET /sign-in`: what will happen, and the way there.
pub(crate) async fn ask(page: Page) -> Answer {
    let provider = provider(&page)?;
    let name = page.visitor().map(|person| person.name());
    let begin = format!("/sign-in/begin{}", query(back(&page)));
    let (issuer, demonstration) = (provider.name(), provider.is_demonstration());
    page.show("Sign in", &Ask { begin, issuer, demonstration, name })
}

/// `GET /sign-in/begin`: to the issuer, with a cookie to come back with.
pub(crate) async fn begin(page: Page, headers: HeaderMap) -> Answer {
    let provider = provider(&page)?;
    if let Some(own) = elsewhere(&page, &headers) {
        return Ok(lead_to(&own));
    }
    let hub = Arc::clone(page.hub());
    let to = back(&page).unwrap_or("/").to_owned();
    let begun = page.web().write(async move { person::begin(&hub, &to).await }).await?;
    let address = provider.address(&begun, &returns_to(&page)).await.map_err(|error| told(&error))?;
    let cookie = Cookie::Begun.keep(begun.handle(), page.web().is_secure());
    Ok(with_cookies(Redirect::to(address.as_str()).into_response(), [cookie]))
}

/// `GET /sign-in/return`: the issuer has sent the browser back, with a code or with a reason.
pub(crate) async fn come_back(page: Page, headers: HeaderMap) -> Answer {
    let provider = provider(&page)?;
    let secure = page.web().is_secure();
    let expected = Cookie::Begun.read(&headers, secure).map(Expectation::of).ok_or_else(stale)?;
    if page.query().get("state") != Some(expected.state()) {
        return Err(stale());
    }
    let (hub, spent) = (Arc::clone(page.hub()), expected.clone());
    let to = page.web().write(async move { person::spend(&hub, &spent).await }).await?.ok_or_else(stale)?;
    let code = page.query().get("code").ok_or_else(|| {
        Refused::NotSignedIn("Your council's sign-in did not let you in, or you turned back. Try again.".to_owned())
    })?;
    let accepted = provider.redeem(code, &expected, &returns_to(&page)).await.map_err(|error| told(&error))?;
    let (hub, former) = (Arc::clone(page.hub()), Cookie::Session.read(&headers, secure).map(str::to_owned));
    let entered = page.web().write(async move { person::enter(&hub, accepted, former.as_deref()).await }).await?;
    let kept = [Cookie::Session.keep(entered.token(), secure), Cookie::Begun.drop(secure)];
    Ok(with_cookies(Redirect::to(&to).into_response(), kept))
}

/// `POST /sign-out`: the session ends at the hub, on every replica.
pub(crate) async fn leave(page: Page, headers: HeaderMap) -> Answer {
    let secure = page.web().is_secure();
    if let Some(token) = Cookie::Session.read(&headers, secure).map(str::to_owned) {
        let hub = Arc::clone(page.hub());
        page.web().write(async move { person::leave(&hub, &token).await }).await?;
    }
    Ok(with_cookies(Redirect::to("/").into_response(), [Cookie::Session.drop(secure)]))
}

fn provider(page: &Page) -> Result<&Provider, Refused> {
    page.web().provider().ok_or_else(|| {
        Refused::NotSignedIn(
            "Nobody can sign in here: the hub has not been told where people's accounts are.".to_owned(),
        )
    })
}

/// The address in the browser's bar is not the hub's own, under which its cookies and the issuer know it: begin there.
fn elsewhere(page: &Page, headers: &HeaderMap) -> Option<String> {
    let own = url::Url::parse(page.web().base()).ok()?;
    let asked = headers.get(header::HOST)?.to_str().ok()?;
    let authority = own.port().map_or_else(
        || own.host_str().map(str::to_owned),
        |port| own.host_str().map(|host| format!("{host}:{port}")),
    )?;
    (asked != authority).then(|| format!("{}/sign-in/begin{}", page.web().base(), query(back(page))))
}

/// Where the issuer sends the browser back to; registered there.
fn returns_to(page: &Page) -> String {
    format!("{}/sign-in/return", page.web().base())
}

/// What was asked for before: a page of this hub's, or nothing. An address of another site begins with a scheme or with two
/// slashes, of either leaning.
fn back(page: &Page) -> Option<&str> {
    page.query().get("to").filter(|to| is_ours(to))
}

fn is_ours(to: &str) -> bool {
    let mut bytes = to.bytes();
    let begins = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    begins && to.len() <= LONGEST && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

fn query(to: Option<&str>) -> String {
    let encode = |to: &str| url::form_urlencoded::byte_serialize(to.as_bytes()).collect::<String>();
    to.map(|to| format!("?to={}", encode(to))).unwrap_or_default()
}

fn stale() -> Refused {
    Refused::NotSignedIn(
        "This sign-in was begun too long ago, in another browser, or was finished already. Begin again.".to_owned(),
    )
}

/// What a person is told of an issuer that did not do its part; the whole reason is in the log.
fn told(error: &ProviderError) -> Refused {
    tracing::warn!(error = error as &dyn std::error::Error, "a sign-in failed");
    let words = match error {
        ProviderError::Call(_) | ProviderError::Status(500..) => {
            "Your council's sign-in cannot be reached at the moment. Try again in a few minutes."
        }
        ProviderError::Status(_) | ProviderError::Answer(_) | ProviderError::Token(_) => {
            "Your council's sign-in and the hub do not understand each other. Tell whoever runs the hub."
        }
    };
    Refused::NotSignedIn(words.to_owned())
}

fn with_cookies<const N: usize>(mut response: Response, cookies: [Option<HeaderValue>; N]) -> Response {
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl From<EntryRefusal> for Refused {
    fn from(refusal: EntryRefusal) -> Self {
        match refusal {
            EntryRefusal::Name => Self::NotSignedIn(
                "Your account's name cannot be used here: it is longer than 128 characters, or holds blanks."
                    .to_owned(),
            ),
            EntryRefusal::Fault(fault) => fault.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn nobody_is_led_to_another_site() {
        for to in ["/", "/desk", "/desk/notices/1?after=2"] {
            assert!(is_ours(to), "{to}");
        }
        for to in ["", "desk", "//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/a b", "/a\tb"] {
            assert!(!is_ours(to), "{to}");
        }
        assert!(!is_ours(&format!("/{}", "a".repeat(1_024))));
    }
}
