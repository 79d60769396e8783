//! A hub that answers from a script and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `POST /v1/submissions?dataset=…`
    pub(crate) line: String,
    /// Headers, names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Answers in the order given; the last is given again for whatever comes after.
pub(crate) struct FakeHub {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl FakeHub {
    /// Starts one with answers `(status line and extra headers, body)`.
    pub(crate) async fn answering(script: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script: VecDeque<_> = script.iter().map(|(head, body)| ((*head).into(), (*body).into())).collect();
        let seen = Arc::clone(&requests);
        tokio::spawn(listen(listener, script, seen));
        Self { address, requests }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn listen(listener: TcpListener, mut script: VecDeque<(String, String)>, seen: Arc<Mutex<Vec<Request>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let last = script.front().cloned().unwrap();
        let answer = if script.len() > 1 { script.pop_front().unwrap() } else { last };
        let request = serve(stream, &answer).await;
        seen.lock().unwrap().push(request);
    }
}

async fn serve(mut stream: TcpStream, (head, body): &(String, String)) -> Request {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    let request = loop {
        if let Some(request) = parse(&bytes) {
            break request;
        }
        let read = stream.read(&mut chunk).await.unwrap();
        assert_ne!(read, 0, "the request broke off");
        bytes.extend_from_slice(&chunk[..read]);
    };
    let answer = format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.shutdown().await.ok();
    request
}

fn parse(bytes: &[u8]) -> Option<Request> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let body = bytes.get(end + 4..end + 4 + length)?.to_vec();
    Some(Request { line, headers, body })
}
