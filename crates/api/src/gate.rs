//! Around every request: its id, its row in [`ROUTES`], its measure, and a problem in place of a panic.

use std::collections::HashMap;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use metrics::{Counter, Histogram, counter, histogram};

use pin_project_lite::pin_project;
use sha2::{Digest as _, Sha256};
use tower::{Layer, Service};

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
    meters: HashMap<&'static str, Vec<(&'static str, Arc<Meter>)>>,
}

/// Prometheus handles of one route, taken once: looking them up by label at each request costs more than the request.
struct Meter {
    classes: [Counter; 5],
    seconds: Histogram,
}

impl Gate {
    /// A gate whose request ids begin with `process`.
    pub(crate) fn new(process: &str) -> Self {
        let mut meters: HashMap<&'static str, Vec<(&'static str, Arc<Meter>)>> = HashMap::new();
        for row in ROUTES {
            meters.entry(row.path).or_default().push((row.method, Arc::new(Meter::of(row.path))));
        }
        Self(Arc::new(Inner { process: mark(process), served: AtomicU64::new(0), meters }))
    }

    /// The meter of a request's row, or the kind of problem when the list has no such row.
    fn meter(&self, request: &Request) -> Result<Arc<Meter>, &'static Kind> {
        let path = request.extensions().get::<MatchedPath>().ok_or(NOT_FOUND)?;
        let rows = self.0.meters.get(path.as_str()).ok_or(NOT_FOUND)?;
        let row = rows.iter().find(|(method, _)| allows(method, request.method()));
        row.map(|(_, meter)| Arc::clone(meter)).ok_or(METHOD_NOT_ALLOWED)
    }

    fn next_id(&self) -> Bytes {
        format!("{}-{:x}", self.0.process, self.0.served.fetch_add(1, Ordering::Relaxed)).into()
    }
}

/// What begins a request id: tells processes apart, and tells a caller nothing of the machine.
fn mark(process: &str) -> String {
    Sha256::digest(process).iter().take(5).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

impl<S> Layer<S> for Gate {
    type Service = Passing<S>;

    fn layer(&self, inner: S) -> Passing<S> {
        Passing { gate: self.clone(), inner }
    }
}

/// Passes a request on, if its route has a row; answers with a problem in every other case. Around every route, so
/// nothing is put on the heap here.
#[derive(Clone)]
pub(crate) struct Passing<S> {
    gate: Gate,
    inner: S,
}

impl<S> Service<Request> for Passing<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let began = Instant::now();
        let id = self.gate.next_id();
        match self.gate.meter(&request) {
            Ok(meter) => {
                Answering { id, began, meter: Some(meter), refused: None, work: Some(self.inner.call(request)) }
            }
            Err(kind) => Answering { id, began, meter: None, refused: Some(kind), work: None },
        }
    }
}

pin_project! {
    /// A request being answered.
    pub(crate) struct Answering<F> {
        id: Bytes,
        began: Instant,
        meter: Option<Arc<Meter>>,
        refused: Option<&'static Kind>,
        #[pin]
        work: Option<F>,
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for Answering<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = match this.work.as_pin_mut() {
            None => Problem::new(this.refused.unwrap_or(INTERNAL)).into_response(),
            Some(work) => match catch_unwind(AssertUnwindSafe(|| work.poll(context))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(Ok(response))) => response,
                Err(panic) => Problem::new(INTERNAL).cause(Panicked(message(panic.as_ref()))).into_response(),
            },
        };
        if let Some(meter) = this.meter {
            meter.count(response.status(), *this.began);
        }
        Poll::Ready(Ok(finish(response, this.id)))
    }
}

/// Names the request in the answer, and logs what the caller is not told.
fn finish(mut response: Response, id: &Bytes) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let id = std::str::from_utf8(id).unwrap_or_default();
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
    if let Ok(value) = HeaderValue::from_maybe_shared(id.clone()) {
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
