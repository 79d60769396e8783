//! `doctor --ready`: whether the hub of this machine can do its work, for whatever restarts it when it cannot.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::command::Stop;
use crate::screen::Answer;

/// How long the hub may take to say so.
const PATIENCE: Duration = Duration::from_secs(4);
/// Longest answer that is read.
const LONGEST: u64 = 64 * 1024;

/// Asks the hub that listens there; exit 1 unless it says that it is ready.
pub(super) async fn ready(listen: SocketAddr) -> Result<Answer, Stop> {
    let address = reachable(listen);
    let told = match tokio::time::timeout(PATIENCE, ask(address)).await {
        Ok(Ok(told)) => told,
        Ok(Err(error)) => Told { is_ready: false, says: format!("{address} does not answer: {error}") },
        Err(_) => Told { is_ready: false, says: format!("{address} did not answer within {} s", PATIENCE.as_secs()) },
    };
    let Told { is_ready, says } = told;
    Ok(Answer::new(format!("{says}\n"), json!({ "ready": is_ready, "says": says }))?.judged(is_ready))
}

struct Told {
    is_ready: bool,
    says: String,
}

/// Where a hub that listens everywhere is found from here.
fn reachable(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() { SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port()) } else { listen }
}

async fn ask(address: SocketAddr) -> std::io::Result<Told> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /health/ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    Ok(read(&String::from_utf8_lossy(&answer)))
}

fn read(answer: &str) -> Told {
    let is_ready = answer.starts_with("HTTP/1.1 200 ");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let document: Value = serde_json::from_str(body).unwrap_or_default();
    let says = match (is_ready, document.get("detail").and_then(Value::as_str)) {
        (true, _) => "The hub is ready.".to_owned(),
        (false, Some(detail)) => format!("The hub is not ready: {detail}"),
        (false, None) => format!("The hub is not ready: {}", answer.lines().next().unwrap_or("no answer")),
    };
    Told { is_ready, says }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_200_is_ready() {
        let table = [
            ("HTTP/1.1 200 OK\r\n\r\n{}", true, "The hub is ready."),
            (
                "HTTP/1.1 503 Service Unavailable\r\n\r\n{\"detail\":\"It stops.\"}",
                false,
                "The hub is not ready: It stops.",
            ),
            ("HTTP/1.1 404 Not Found\r\n\r\n", false, "The hub is not ready: HTTP/1.1 404 Not Found"),
            ("", false, "The hub is not ready: no answer"),
        ];
        for (answer, is_ready, says) in table {
            let told = read(answer);
            assert_eq!((told.is_ready, told.says.as_str()), (is_ready, says));
        }
        assert_eq!(reachable("0.0.0.0:8080".parse().unwrap()).to_string(), "127.0.0.1:8080");
    }
}
