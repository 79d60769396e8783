//! The HTTP/1 server: connections counted, heads timed, shut down without cutting anyone off.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt as _;

use crate::state::Api;

/// Time to send the whole head of a request; `axum::serve` sets no such timer.
const HEAD: Duration = Duration::from_secs(10);
/// Connections served at once; further ones wait in the listener's queue.
const CONNECTIONS: usize = 4_096;
/// Time that requests under way have to finish once the process is told to stop: what is being sent is refused after ten
/// seconds, and the rest of it read for ten more, so that its sender gets to read the refusal.
const GRACE: Duration = Duration::from_secs(22);
/// Time that write work has to finish after that (promise D11: 30 s for all).
const SETTLING: Duration = Duration::from_secs(5);
/// Pause after the machine refuses a connection (no file handles left).
const BREATHER: Duration = Duration::from_millis(50);

/// Serves `router` on `listener` until `shutdown` completes; then `/health/ready` says no, no connection is taken any
/// more, and requests and write work under way are waited for. A peer that has not taken its answer by then is cut off.
///
/// # Errors
/// When write work was still under way after the grace period.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    api: &Api,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    serve_within(listener, router, api, shutdown, HEAD).await
}

/// [`serve`] with another limit on the time a head may take.
pub(crate) async fn serve_within(
    listener: TcpListener,
    router: Router,
    api: &Api,
    shutdown: impl Future<Output = ()>,
    head: Duration,
) -> io::Result<()> {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let taken = tokio::select! {
            () = &mut shutdown => break,
            taken = take(&listener, &room) => taken,
        };
        let (stream, permit) = taken;
        let connection = graceful.watch(connection(stream, router.clone(), head));
        tokio::spawn(async move {
            // An error here is the peer's: it went away, or sent what is not HTTP. hyper has answered if it could.
            let _ = connection.await;
            drop(permit);
        });
    }
    api.drain();
    drop(listener);
    api.writes().close();
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("peers that did not take their answers were cut off");
    }
    tokio::time::timeout(SETTLING, api.writes().wait()).await.map_err(|_| {
        io::Error::new(io::ErrorKind::TimedOut, "write work was still under way when the grace period ended")
    })
}

async fn take(listener: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        let Ok(permit) = Arc::clone(room).acquire_owned().await else {
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written whole; waiting to fill a packet only delays them.
                let _ = stream.set_nodelay(true);
                return (stream, permit);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
    head: Duration,
) -> http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::HttpService<Incoming, ResBody = Body, Future: Send> + Send,
> {
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move { router.oneshot(request.map(Body::new)).await.map_err(|never: Infallible| never) }
    });
    // At most 100 headers, which is what hyper reads without going to the heap; any other number costs every request.
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), service)
}
