//! Around every request: its id, its row in [`ROUTES`], its measure, and a problem in place of a panic.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use metrics::{Counter, Histogram, counter, histogram};

use crate::problem::{INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, Problem};
use crate::routes::ROUTES;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the gate knows. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    /// Begins every request id of this process.
    process: String,
    served: AtomicU64,
    meters: HashMap<(Method, &'static str), Meter>,
}

/// Prometheus handles of one route, taken once: looking them up by label at each request costs more than the request.
struct Meter {
    classes: [Counter; 5],
    seconds: Histogram,
}

impl Gate {
    /// A gate whose request ids begin with `process`.
    pub(crate) fn new(process: &str) -> Self {
        let meters = ROUTES
            .iter()
            .filter_map(|route| Some(((Method::from_bytes(route.method.as_bytes()).ok()?, route.path), Meter::of(route.path))));
        Self(Arc::new(Inner { process: process.to_owned(), served: AtomicU64::new(0), meters: meters.collect() }))
    }

    /// The meter of a request's row; `None` when the list has no such row.
    fn meter(&self, request: &Request) -> Option<&Meter> {
        let path = request.extensions().get::<MatchedPath>()?;
        let row = ROUTES.iter().find(|row| row.path == path.as_str() && allows(row.method, request.method()))?;
        let method = Method::from_bytes(row.method.as_bytes()).ok()?;
        self.0.meters.get(&(method, row.path))
    }

    fn next_id(&self) -> String {
        format!("{}-{:x}", self.0.process, self.0.served.fetch_add(1, Ordering::Relaxed))
    }
}

/// Passes a request on, if its route has a row; answers with a problem in every other case.
pub(crate) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = gate.next_id();
    let Some(meter) = gate.meter(&request) else {
        let known = request.extensions().get::<MatchedPath>().is_some_and(|path| ROUTES.iter().any(|row| row.path == path.as_str()));
        return finish(Problem::new(if known { METHOD_NOT_ALLOWED } else { NOT_FOUND }).into_response(), &id);
    };
    let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => Problem::new(INTERNAL).cause(Panicked(message(panic.as_ref()))).into_response(),
    };
    meter.count(response.status(), began);
    finish(response, &id)
}

/// Names the request in the answer, and logs what the caller is not told.
fn finish(mut response: Response, id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Some(chain) = problem.chain() {
            let code = problem.kind().code;
            if problem.kind().status.is_server_error() {
                tracing::error!(request = id, code, error = chain, "request failed");
            } else {
                tracing::info!(request = id, code, reason = chain, "request refused");
            }
        }
        let kept = std::mem::take(response.headers_mut());
        response = problem.render(id);
        for (name, value) in &kept {
            response.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Whether a row for `method` answers `asked`: HEAD is GET without the body.
fn allows(method: &str, asked: &Method) -> bool {
    method == asked.as_str() || (method == "GET" && asked == Method::HEAD)
}

impl Meter {
    fn of(path: &'static str) -> Self {
        let class = |class: &'static str| counter!("hub_http_requests_total", "route" => path, "class" => class);
        Self {
            classes: [class("1xx"), class("2xx"), class("3xx"), class("4xx"), class("5xx")],
            seconds: histogram!("hub_http_request_seconds", "route" => path),
        }
    }

    fn count(&self, status: StatusCode, began: Instant) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.classes.get(class) {
            counter.increment(1);
        }
        self.seconds.record(began.elapsed());
    }
}

/// A handler panicked: a bug.
#[derive(Debug, thiserror::Error)]
#[error("panicked: {0}")]
struct Panicked(String);

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
