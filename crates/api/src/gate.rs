//! Around every request: its id, its row in [`ROUTES`], its measure, and a problem in place of a panic.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use metrics::{Counter, Histogram, counter, histogram};

use sha2::{Digest as _, Sha256};

use crate::problem::{INTERNAL, Kind, METHOD_NOT_ALLOWED, NOT_FOUND, Problem};
use crate::routes::ROUTES;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the gate knows. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    /// Begins every request id of this process.
    process: String,
    served: AtomicU64,
    meters: HashMap<&'static str, Vec<(&'static str, Meter)>>,
}

/// Prometheus handles of one route, taken once: looking them up by label at each request costs more than the request.
struct Meter {
    classes: [Counter; 5],
    seconds: Histogram,
}

impl Gate {
    /// A gate whose request ids begin with `process`.
    pub(crate) fn new(process: &str) -> Self {
        let mut meters: HashMap<&'static str, Vec<(&'static str, Meter)>> = HashMap::new();
        for row in ROUTES {
            meters.entry(row.path).or_default().push((row.method, Meter::of(row.path)));
        }
        Self(Arc::new(Inner { process: mark(process), served: AtomicU64::new(0), meters }))
    }

    /// The meter of a request's row, or the kind of problem when the list has no such row.
    fn meter(&self, request: &Request) -> Result<&Meter, &'static Kind> {
        let path = request.extensions().get::<MatchedPath>().ok_or(NOT_FOUND)?;
        let rows = self.0.meters.get(path.as_str()).ok_or(NOT_FOUND)?;
        let row = rows.iter().find(|(method, _)| allows(method, request.method()));
        row.map(|(_, meter)| meter).ok_or(METHOD_NOT_ALLOWED)
    }

    fn next_id(&self) -> String {
        format!("{}-{:x}", self.0.process, self.0.served.fetch_add(1, Ordering::Relaxed))
    }
}

/// What begins a request id: tells processes apart, and tells a caller nothing of the machine.
fn mark(process: &str) -> String {
    Sha256::digest(process).iter().take(5).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Passes a request on, if its route has a row; answers with a problem in every other case.
pub(crate) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = gate.next_id();
    let meter = match gate.meter(&request) {
        Ok(meter) => meter,
        Err(kind) => return finish(Problem::new(kind).into_response(), &id),
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
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
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
