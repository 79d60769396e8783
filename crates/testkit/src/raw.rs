//! HTTP by hand, for what a well-bred client would not send.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came back on a socket.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// HTTP status; nought when the peer hung up without an answer.
    pub status: u16,
    /// Everything that came.
    pub text: String,
    /// From connecting to the end.
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
    let mut came = Vec::new();
    let _ = tokio::time::timeout(patience, stream.read_to_end(&mut came)).await;
    let text = String::from_utf8_lossy(&came).into_owned();
    let status = text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok());
    Exchange { status: status.unwrap_or(0), text, took: began.elapsed() }
}
