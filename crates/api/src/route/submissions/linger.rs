//! A refusal that its sender gets to read.
//!
//! A server that answers early and closes while bytes still arrive resets the connection, and the sender sees "connection
//! reset" in place of the reason. So the rest of a refused upload is read and thrown away, within bounds, while the
//! answer goes out.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::time::timeout;

/// Longest that the rest of a refused upload is read.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most of it that is read, bytes.
const MOST: usize = 64 << 20;

/// Passes an upload on; when it is refused, reads the rest of it beside the answer.
pub(crate) async fn linger(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let kept = Kept(Arc::new(Mutex::new(body)));
    let response = next.run(Request::from_parts(parts, Body::new(kept.clone()))).await;
    let status = response.status();
    let is_refused = status.is_client_error() || status.is_server_error();
    if is_refused && !kept.is_end_stream() {
        tokio::spawn(timeout(PATIENCE, discard(kept)));
    }
    response
}

async fn discard(mut rest: Kept) {
    let mut read = 0;
    while let Some(Ok(frame)) = rest.frame().await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > MOST {
            return;
        }
    }
}

/// A body that outlives the handler it was passed to.
#[derive(Clone)]
struct Kept(Arc<Mutex<Body>>);

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
