//! What pages need besides themselves: one stylesheet, in the binary, under a name that changes with what is in it, so that
//! browsers may keep it for a year.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use sha2::{Digest as _, Sha256};

use crate::layout::Page;
use crate::refused::{Answer, Refused};

/// The layout's, and the pictures'.
const STYLE: &str = concat!(include_str!("../../assets/hub.css"), include_str!("../chart/chart.css"));

/// The stylesheet's address.
static ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let mark = Sha256::digest(STYLE).iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    format!("/assets/hub-{mark}.css")
});

/// The address of the stylesheet: another for other contents.
pub fn stylesheet() -> &'static str {
    &ADDRESS
}

/// A file by its name. One of another version is not there: its page has another name for it.
pub(crate) async fn file(page: Page) -> Answer {
    if page.path() != stylesheet() {
        return Err(Refused::NotFound);
    }
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], STYLE).into_response())
}
