use std::any::Any;

use axum::Router;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use crate::layout;
use crate::refused::Refused;
use crate::routes::ROUTES;
use crate::session::gate;
use crate::state::Web;

/// The API's router with the pages beside it. What neither has is answered by the API's own fallback, unless who asks reads
/// pages.
pub fn join(api: Router, web: &Web) -> Router {
    let pages = ROUTES.iter().fold(Router::new(), |router, route| {
        let gated = (route.handler)().layer(from_fn_with_state((web.clone(), route), gate::admit));
        router.route(route.path, gated)
    });
    let mended = web.clone();
    let pages = pages.layer(CatchPanicLayer::custom(move |panic: Box<dyn Any + Send>| broken(&mended, panic.as_ref())));
    let (fallback, asked) = (api.clone(), web.clone());
    api.merge(pages.with_state(web.clone())).fallback(move |request: Request| {
        let (fallback, web) = (fallback.clone(), asked.clone());
        async move { unknown(&web, fallback, request).await }
    })
}

/// The page of a handler that panicked: a bug.
fn broken(web: &Web, panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = text, "a page panicked");
    layout::refuse(web, None, &Refused::fault(Panicked))
}

/// A handler panicked. What it said is in the log.
#[derive(Debug, thiserror::Error)]
#[error("a page panicked")]
struct Panicked;

/// Nothing is at that address.
async fn unknown(web: &Web, api: Router, request: Request) -> Response {
    if reads_pages(&request) {
        return layout::refuse(web, None, &Refused::NotFound);
    }
    api.oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// Browsers name HTML among what they take; programs that call the API do not.
fn reads_pages(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html")
}
