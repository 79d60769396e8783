//! Real sockets on loopback: what is counted is connections that were made.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hub_domain::AuthorityCode;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Failure, Limits, Message, Outcome, Prepared, Sender, Verdict, prepare};
use crate::guard::{AddressKind, Allowance, Endpoint, Guard, Lookup, Refusal};
use crate::keys::SigningKey;
use crate::retry::RetryAfter;
use crate::signature::Signer;
use crate::verify::{Received, Verifier, verify};

const BODY: &[u8] = br#"{"specversion":"1.0"}"#;

/// Answers every name with the same addresses.
struct Answers(Vec<SocketAddr>);

impl Lookup for Answers {
    fn lookup(&self, _name: &str) -> crate::guard::LookingUp {
        let addresses = self.0.clone();
        Box::pin(async move { Ok(addresses) })
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Whether anybody has connected: a connection that was made waits in the listener's queue.
async fn was_called(listener: TcpListener) -> bool {
    let listener = listener.into_std().unwrap();
    listener.set_nonblocking(true).unwrap();
    tokio::task::yield_now().await;
    listener.accept().is_ok()
}

/// Reads one request whole: its head as text and its body.
async fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..n]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let length: usize = header(&head, "content-length").parse().unwrap();
        if bytes.len() >= end + 4 + length {
            return (head, bytes[end + 4..].to_vec());
        }
        assert_ne!(n, 0, "the sender hung up early");
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
}

/// Takes one connection, reads its request and gives `answer`.
fn answering(listener: TcpListener, answer: &'static str) -> JoinHandle<(String, Vec<u8>)> {
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        request
    })
}

fn kent() -> AuthorityCode {
    "E10000016".parse().unwrap()
}

fn now() -> Timestamp {
    "2026-11-20T06:00:00Z".parse().unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32]).unwrap()
}

fn prepared(endpoint: &Endpoint) -> Prepared {
    prepare(endpoint, Message { id: Uuid::from_u128(1), body: BODY }, &[Signer::Ed25519(key())], now()).unwrap()
}

fn quick() -> Limits {
    Limits { total: Duration::from_millis(250), ..Limits::default() }
}

/// Sends to a loopback listener as the demonstration does.
async fn send_to(address: SocketAddr, limits: Limits) -> Outcome {
    let sender = Sender::new(Guard::for_demonstration(), limits).unwrap();
    let endpoint = sender.guard().admit(kent(), &format!("http://{address}/hooks?token=x")).unwrap();
    sender.send(&prepared(&endpoint)).await
}

/// Sends to a name that resolves to `addresses`, with `guard`.
async fn send_to_name(guard: Guard, url: &str, addresses: Vec<SocketAddr>) -> Outcome {
    let lookup: Arc<dyn Lookup> = Arc::new(Answers(addresses));
    let sender = Sender::resolving_by(guard, quick(), &lookup).unwrap();
    let endpoint = sender.guard().admit(kent(), url).unwrap();
    sender.send(&prepared(&endpoint)).await
}

#[tokio::test]
async fn delivers_what_was_signed() {
    let (listener, address) = listen().await;
    let request = answering(listener, "HTTP/1.1 204 No Content\r\n\r\n");
    let outcome = send_to(address, Limits::default()).await;
    assert_eq!((outcome.verdict, outcome.status), (Verdict::Delivered, Some(204)));

    let (head, body) = request.await.unwrap();
    assert!(head.starts_with("POST /hooks?token=x HTTP/1.1"));
    assert_eq!(header(&head, "content-type"), "application/cloudevents+json");
    assert_eq!(header(&head, "webhook-id"), Uuid::from_u128(1).to_string());
    assert_eq!(body, BODY);
    let received = Received {
        id: header(&head, "webhook-id"),
        timestamp: header(&head, "webhook-timestamp"),
        signature: header(&head, "webhook-signature"),
    };
    assert_eq!(verify(&received, &body, &[Verifier::Ed25519(key().verifying_key())], now()), Ok(()));
}

#[tokio::test]
async fn a_name_that_leads_inward_is_never_connected_to() {
    let (trap, address) = listen().await;
    let inward = |ip: &str| SocketAddr::new(ip.parse().unwrap(), address.port());
    for (ip, kind) in [
        ("127.0.0.1", AddressKind::Loopback),
        ("10.0.0.1", AddressKind::Private),
        ("169.254.169.254", AddressKind::LinkLocal),
        ("::ffff:127.0.0.1", AddressKind::Embedded),
        ("::1", AddressKind::Loopback),
        ("0.0.0.0", AddressKind::Unspecified),
    ] {
        let outcome = send_to_name(Guard::public(), "https://hooks.example.org/", vec![inward(ip), inward(ip)]).await;
        assert_eq!(outcome.verdict, Verdict::Refused(Refusal::Address(kind)), "{ip}");
    }
    assert!(!was_called(trap).await);
}

#[tokio::test]
async fn the_trap_does_catch_a_call_that_is_let_through() {
    let (trap, address) = listen().await;
    let outcome = send_to_name(Guard::for_demonstration(), "http://hooks.localhost/", vec![address]).await;
    assert_eq!(outcome.verdict, Verdict::Failed(Failure::Timeout), "nobody answers");
    assert!(was_called(trap).await);
}

#[tokio::test]
async fn a_literal_address_is_judged_again_before_the_call() {
    let (trap, address) = listen().await;
    let endpoint = Guard::for_demonstration().admit(kent(), &format!("https://{address}/")).unwrap();
    let sender = Sender::new(Guard::public(), quick()).unwrap();
    assert_eq!(sender.send(&prepared(&endpoint)).await.verdict, Verdict::Refused(Refusal::Port));
    let http = Guard::for_demonstration().admit(kent(), &format!("http://{address}/")).unwrap();
    assert_eq!(sender.send(&prepared(&http)).await.verdict, Verdict::Refused(Refusal::Scheme));
    let standard = Guard::for_demonstration().admit(kent(), "https://127.0.0.1/").unwrap();
    let outcome = sender.send(&prepared(&standard)).await;
    assert_eq!(outcome.verdict, Verdict::Refused(Refusal::Address(AddressKind::Loopback)));
    assert!(!was_called(trap).await);
}

#[tokio::test]
async fn the_demonstration_calls_nothing_but_loopback() {
    let outside = vec!["192.168.0.1:80".parse().unwrap()];
    let outcome = send_to_name(Guard::for_demonstration(), "http://hooks.localhost/", outside).await;
    assert_eq!(outcome.verdict, Verdict::Refused(Refusal::OnlyLoopback));
}

#[tokio::test]
async fn one_councils_allowance_opens_nothing_for_another() {
    let (trap, address) = listen().await;
    let croydon: AuthorityCode = "E09000008".parse().unwrap();
    let guard = Guard::public().with_allowance(croydon, "10.0.0.0/8".parse::<Allowance>().unwrap());
    let inward = vec![SocketAddr::new("10.0.0.1".parse().unwrap(), address.port())];
    let outcome = send_to_name(guard.clone(), "https://hooks.example.org/", inward).await;
    assert_eq!(outcome.verdict, Verdict::Refused(Refusal::Address(AddressKind::Private)));
    let loopback = send_to_name(guard, "https://hooks.example.org/", vec![address]).await;
    assert_eq!(loopback.verdict, Verdict::Refused(Refusal::Address(AddressKind::Loopback)));
    assert!(!was_called(trap).await);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (trap, elsewhere) = listen().await;
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        let answer =
            format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let outcome = send_to(address, Limits::default()).await;
    server.await.unwrap();
    assert_eq!((outcome.verdict, outcome.status), (Verdict::Failed(Failure::Redirect), Some(307)));
    assert!(!was_called(trap).await);
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_given_up() {
    let (listener, address) = listen().await;
    let outcome = send_to(address, quick()).await;
    assert_eq!((outcome.verdict, outcome.status), (Verdict::Failed(Failure::Timeout), None));
    assert!(was_called(listener).await);
}

#[tokio::test]
async fn a_receiver_that_hangs_up_is_a_failure() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
    });
    let outcome = send_to(address, Limits::default()).await;
    server.await.unwrap();
    assert_eq!(outcome.verdict, Verdict::Failed(Failure::Broken));
}

#[tokio::test]
async fn nobody_listening_is_a_failure() {
    let (listener, address) = listen().await;
    drop(listener);
    assert_eq!(send_to(address, Limits::default()).await.verdict, Verdict::Failed(Failure::Connection));
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    const FAR: usize = 64 * 1024 * 1024;
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {FAR}\r\n\r\n").as_bytes()).await.unwrap();
        let mut written = 0;
        while written < FAR && stream.write_all(&[b'x'; 8_192]).await.is_ok() {
            written += 8_192;
        }
        written
    });
    let outcome = send_to(address, Limits::default()).await;
    assert_eq!(outcome.verdict, Verdict::Delivered);
    assert!(server.await.unwrap() < FAR / 2, "only what the socket's buffers hold may be written");
}

#[tokio::test]
async fn a_busy_receiver_says_when() {
    let (listener, address) = listen().await;
    let request = answering(listener, "HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n");
    let outcome = send_to(address, Limits::default()).await;
    request.await.unwrap();
    assert_eq!(outcome.verdict, Verdict::Failed(Failure::Status));
    assert_eq!(outcome.retry_after, Some(RetryAfter::Seconds(120)));
}

#[test]
fn nothing_leaves_unsigned() {
    let endpoint = Guard::for_demonstration().admit(kent(), "http://127.0.0.1:9/").unwrap();
    let message = Message { id: Uuid::from_u128(1), body: BODY };
    assert!(prepare(&endpoint, message, &[], now()).is_err());
}

#[test]
fn debug_shows_no_path_and_no_body() {
    let endpoint = Guard::for_demonstration().admit(kent(), "http://127.0.0.1:9/secret?token=secret").unwrap();
    let shown = format!("{endpoint:?} {:?}", prepared(&endpoint));
    assert!(shown.contains("http://127.0.0.1:9") && !shown.contains("secret") && !shown.contains("specversion"));
}
