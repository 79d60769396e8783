//! Receivers on this machine, and when each letter came to them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use tokio::net::TcpListener;

/// What a receiver does with a letter that is no challenge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Answers 200 at once.
    Takes,
    /// Has it, and never answers.
    Silent,
    /// Answers 500.
    Refuses,
    /// Answers 500 to the first one that came, whenever it comes, and takes every other.
    RefusesOne,
}

/// When letters were taken. Cheap to clone; clones share it.
#[derive(Clone, Default)]
pub(super) struct Arrivals(Arc<Mutex<Vec<Instant>>>);

impl Arrivals {
    fn note(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// From `began` to each, seconds.
    pub(super) fn since(&self, began: Instant) -> Vec<f64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|at| at.saturating_duration_since(began).as_secs_f64()).collect()
    }
}

/// Starts one; its address.
pub(super) async fn receiver(arrivals: Arrivals, manner: Manner) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/notices", listener.local_addr()?);
    let first: Arc<Mutex<Option<String>>> = Arc::default();
    let take = move |headers: HeaderMap, body: Bytes| {
        let (arrivals, first) = (arrivals.clone(), Arc::clone(&first));
        async move {
            if let Some(token) = challenge(&body) {
                return token.into_response();
            }
            answer(manner, &first, &headers, &arrivals).await
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/notices", post(take))).await });
    Ok(url)
}

async fn answer(manner: Manner, first: &Mutex<Option<String>>, headers: &HeaderMap, arrivals: &Arrivals) -> Response {
    let is_refused = match manner {
        Manner::Takes => false,
        Manner::Silent => return std::future::pending().await,
        Manner::Refuses => true,
        Manner::RefusesOne => is_first(first, headers),
    };
    if is_refused {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    arrivals.note();
    StatusCode::OK.into_response()
}

/// Whether the letter is the first that ever came, or that one again.
fn is_first(first: &Mutex<Option<String>>, headers: &HeaderMap) -> bool {
    let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
    first.get_or_insert_with(|| id.to_owned()) == id
}

/// The token of a challenge, to be given back.
fn challenge(body: &[u8]) -> Option<String> {
    let event: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(event.get("data")?.get("challenge")?.as_str()?.to_owned())
}
