//! The body of a submission: measured as it arrives, refused as soon as it is too long or too slow, never whole in
//! memory.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt as _;
use hub_pipeline::receive::{Spool, SpoolError, Upload};
use tokio::time::{Instant, timeout};

use crate::problem::{BODY_INCOMPLETE, Problem, TOO_LARGE, TOO_SLOW};

/// Longest silence.
const IDLE: Duration = Duration::from_secs(15);
/// Slowest pace, bytes a second over the whole upload so far, once the first [`IDLE`] is over.
const PACE: u64 = 1024;

/// Takes the body into a spool of at most `limit` bytes.
pub(crate) async fn take(headers: &HeaderMap, body: Body, limit: u64) -> Result<Upload, Problem> {
    take_within(headers, body, limit, IDLE).await
}

async fn take_within(headers: &HeaderMap, body: Body, limit: u64, idle: Duration) -> Result<Upload, Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|bytes| bytes > limit) {
        return Err(too_long(limit));
    }
    let began = Instant::now();
    let mut spool = Spool::new(limit);
    let mut pieces = body.into_data_stream();
    loop {
        let piece = match timeout(idle, pieces.next()).await {
            Err(_) => return Err(Problem::new(TOO_SLOW).detail("Nothing came for 15 seconds.")),
            Ok(None) => return Ok(spool.finish()),
            Ok(Some(Err(_))) => return Err(Problem::new(BODY_INCOMPLETE)),
            Ok(Some(Ok(piece))) => piece,
        };
        spool.push(&piece)?;
        if is_too_slow(spool.bytes(), began.elapsed()) {
            return Err(Problem::new(TOO_SLOW).detail("Less than 1 KiB a second came."));
        }
    }
}

fn is_too_slow(bytes: u64, elapsed: Duration) -> bool {
    elapsed > IDLE && bytes < PACE.saturating_mul(elapsed.as_secs())
}

fn too_long(limit: u64) -> Problem {
    Problem::new(TOO_LARGE).detail(format!("At most {limit} bytes are taken here.")).member("limit", limit)
}

impl From<SpoolError> for Problem {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::TooLong { limit } => too_long(limit),
            SpoolError::Io(error) => hub_pipeline::Fault::from(error).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_may_be_slow_to_begin_but_not_for_ever() {
        let table =
            [(0, 15, false), (1, 16, true), (16 * 1024, 16, false), (1 << 30, 3600, false), (1 << 20, 3600, true)];
        for (bytes, seconds, slow) in table {
            assert_eq!(is_too_slow(bytes, Duration::from_secs(seconds)), slow, "{bytes} bytes in {seconds} s");
        }
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_by_its_length_or_as_it_comes() {
        let mut headers = HeaderMap::new();
        let refused = take(&headers, Body::from(vec![b'x'; 11]), 10).await.unwrap_err();
        assert_eq!(refused.kind(), TOO_LARGE);
        headers.insert(header::CONTENT_LENGTH, 11.into());
        let unread = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        assert_eq!(take(&headers, unread, 10).await.unwrap_err().kind(), TOO_LARGE);
        let kept = take(&HeaderMap::new(), Body::from("0123456789"), 10).await.unwrap();
        assert_eq!(kept.bytes, 10);
    }

    #[tokio::test]
    async fn a_body_that_falls_silent_is_refused() {
        let silent = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        assert_eq!(
            take_within(&HeaderMap::new(), silent, 10, Duration::from_millis(1)).await.unwrap_err().kind(),
            TOO_SLOW
        );
    }
}
