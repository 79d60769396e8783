//! HTTP by hand, for what a well-bred client would not send.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came back on a socket.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// HTTP status; nought when the peer hung up without an answer.
    pub status: u16,
    /// Everything that came.
    pub text: String,
    /// From connecting to the first byte of the answer, or to the end where there was none.
    pub took: Duration,
}

/// A request as bytes, its length declared.
pub fn request_bytes(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !headers.iter().any(|(name, _)| *name == "content-length" || *name == "transfer-encoding") {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// Sends bytes as they are and reads until the hub hangs up, `patience` at most.
///
/// # Panics
/// When nobody listens.
pub async fn exchange(to: SocketAddr, bytes: &[u8], patience: Duration) -> Exchange {
    let began = Instant::now();
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    // The hub may answer and hang up before it has read everything.
    let _ = stream.write_all(bytes).await;
    Exchange::read(began, &mut stream, patience).await
}

impl Exchange {
    /// Reads what comes until the hub hangs up or `patience` ends.
    pub async fn read(began: Instant, from: &mut (impl AsyncRead + Unpin), patience: Duration) -> Self {
        let (mut came, mut first) = (Vec::new(), None);
        let whole = async {
            // An error is the end, as much as a proper one is.
            while from.read_buf(&mut came).await.is_ok_and(|bytes| bytes > 0) {
                first.get_or_insert_with(|| began.elapsed());
            }
        };
        let _ = tokio::time::timeout(patience, whole).await;
        let text = String::from_utf8_lossy(&came).into_owned();
        let status = text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok());
        Self { status: status.unwrap_or(0), text, took: first.unwrap_or_else(|| began.elapsed()) }
    }
}
