//! The server itself, on a real socket.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::stage::Stage;
use crate::serve::serve_within;

const LONG: Duration = Duration::from_secs(10);

/// Serves, giving a head `head` time to come.
async fn start(stage: &Stage, head: Duration) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (router, api) = (stage.router.clone(), stage.api.clone());
    let served = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        serve_within(listener, router, &api, stopped, head).await
    });
    (address, stop, served)
}

async fn read_all(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_server_ends() {
    let stage = Stage::set().await;
    let (address, stop, served) = start(&stage, LONG).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /oauth/token HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                content-length: 19\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n", "the handler waits for the body");
    stop.send(()).unwrap();
    stage.api.writes().wait().await;
    assert!(TcpStream::connect(address).await.is_err(), "nothing new is taken");
    stream.write_all(b"grant_type=password").await.unwrap();
    let answer = read_all(stream).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("unsupported-grant"), "{answer}");
    served.await.unwrap().unwrap();
    assert_eq!(stage.get("/health/ready", "").await.problem(), "unavailable");
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let stage = Stage::set().await;
    let (address, _stop, _served) = start(&stage, Duration::from_millis(5)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /version HTTP/1.1\r\nhost: h\r\nx-slow: ").await.unwrap();
    assert_eq!(read_all(stream).await, "");
}

#[tokio::test]
async fn two_requests_go_over_one_connection() {
    let stage = Stage::set().await;
    let (address, _stop, _served) = start(&stage, LONG).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let first =
        "GET /version HTTP/1.1\r\nhost: h\r\n\r\nGET /health/live HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
    stream.write_all(first.as_bytes()).await.unwrap();
    let answers = read_all(stream).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    for place in ["-0\r\n", "-1\r\n"] {
        assert_eq!(answers.matches(place).count(), 1, "each has an id of its own: {answers}");
    }
    assert!(!answers.contains("x-request-id: test"), "an id does not name the process: {answers}");
}

#[tokio::test]
async fn whoever_is_refused_in_the_middle_of_a_long_upload_gets_to_read_why() {
    let stage = Stage::set().await;
    let (address, _stop, _served) = start(&stage, LONG).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = 8 << 20;
    let head =
        format!("POST /v1/submissions HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b'x'; length]).await.expect("the whole upload is taken");
    let answer = read_all(stream).await;
    assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("unauthenticated"), "{answer}");
}
