//! A host authority's system: takes letters and answers as it is told.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What came.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The path that it was sent to.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A receiver on a free port of this machine; stops when dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Desk {
    status: AtomicU16,
    location: Option<String>,
    proves: AtomicBool,
    /// Between taking a letter and answering it, microseconds.
    hesitates: AtomicU64,
    letters: Mutex<Vec<Letter>>,
    taken: watch::Sender<usize>,
}

impl Receiver {
    /// A receiver that answers every letter with `status`.
    pub async fn answering(status: u16) -> Self {
        Self::open(status, None).await
    }

    /// A receiver that sends every letter on to `location` with a 307.
    pub async fn redirecting(location: &str) -> Self {
        Self::open(307, Some(location.to_owned())).await
    }

    async fn open(status: u16, location: Option<String>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let desk = Arc::new(Desk {
            status: AtomicU16::new(status),
            location,
            proves: AtomicBool::new(true),
            hesitates: AtomicU64::new(0),
            letters: Mutex::default(),
            taken: watch::Sender::new(0),
        });
        let router = Router::new().fallback(take).with_state(Arc::clone(&desk));
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { address, desk, serving }
    }

    /// Its address, to be registered.
    pub fn url(&self) -> String {
        format!("http://{}/notices", self.address)
    }

    /// Answers with `status` from now on.
    pub fn answer(&self, status: u16) {
        self.desk.status.store(status, Ordering::SeqCst);
    }

    /// From now on it has each letter for so long before it answers.
    pub fn hesitate(&self, time: Duration) {
        self.desk.hesitates.store(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    /// From now on it keeps challenges like any other letter and does not answer them; otherwise it gives their token back,
    /// whatever it answers to letters, and keeps no count of them.
    pub fn prove_nothing(&self) {
        self.desk.proves.store(false, Ordering::SeqCst);
    }

    /// How many letters have come.
    pub fn taken(&self) -> usize {
        *self.desk.taken.borrow()
    }

    /// Waits until so many letters have come; they may not have been answered.
    ///
    /// # Panics
    /// When they have not within `patience`.
    pub async fn reached(&self, many: usize, patience: Duration) {
        let mut taken = self.desk.taken.subscribe();
        let came = tokio::time::timeout(patience, taken.wait_for(|taken| *taken >= many)).await;
        assert!(came.is_ok_and(|came| came.is_ok()), "{} of {many} letters came in {patience:?}", self.taken());
    }

    /// Everything that came, in order.
    pub fn letters(&self) -> Vec<Letter> {
        self.desk.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Letter {
    /// A header, blank when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON letter")
    }
}

async fn take(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if desk.proves.load(Ordering::SeqCst)
        && let Some(token) = challenge(&body)
    {
        return token.into_response();
    }
    let letter = Letter { path: uri.path().to_owned(), headers, body: body.to_vec() };
    desk.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    desk.taken.send_modify(|taken| *taken += 1);
    let hesitates = desk.hesitates.load(Ordering::SeqCst);
    if hesitates > 0 {
        tokio::time::sleep(Duration::from_micros(hesitates)).await;
    }
    let status = StatusCode::from_u16(desk.status.load(Ordering::SeqCst)).expect("a status");
    match &desk.location {
        Some(location) => (status, [(header::LOCATION, location.clone())]).into_response(),
        None => status.into_response(),
    }
}

/// The token of a challenge.
fn challenge(body: &[u8]) -> Option<String> {
    let event: Value = serde_json::from_slice(body).ok()?;
    let is_challenge = event["type"] == "uk.sufficiencyhub.endpoint.challenge.v1";
    is_challenge.then(|| event["data"]["challenge"].as_str().map(str::to_owned)).flatten()
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
