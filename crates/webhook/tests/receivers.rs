//! The receivers in `examples/webhook-receiver`, run as a council would run them: each believes what the hub signs, both
//! kinds of signature and both keys of a rotation, answers the challenge and takes an event once.
//!
//! They need an interpreter and public libraries, which a test may not fetch: where these are missing the test says so on
//! stderr and proves nothing. `HUB_EXAMPLES_PYTHON` names an interpreter that has them, `HUB_EXAMPLES_NODE` a folder with
//! `node_modules`; with `HUB_REQUIRE_EXAMPLES=1` missing is failing.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]
#![expect(
    clippy::indexing_slicing,
    reason = "what a receiver said is looked at by name; a name that is not there fails the test"
)]

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use hub_domain::{AuthorityCode, Clock as _, SystemClock};
use hub_webhook::{Guard, Limits, Message, Sender, SharedSecret, Signer, SigningKey, Verdict, VerifyingKey, prepare};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

/// A receiver that runs; killed when dropped.
struct Receiver {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Receiver {
    fn start(mut command: Command, secret: &SharedSecret, jwks: &str) -> Self {
        let secret = secret.to_secret();
        command.env("HUB_WEBHOOK_SECRET", secret.expose_secret()).env("HUB_JWKS", jwks);
        command.env_remove("http_proxy").env_remove("HTTP_PROXY").env("no_proxy", "127.0.0.1");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let said: Value = serde_json::from_str(&out.next().unwrap().unwrap()).unwrap();
        Self { child, out, url: format!("http://127.0.0.1:{}/", said["listening"]) }
    }

    /// The next line that it prints when it takes an event.
    fn took(&mut self) -> Value {
        serde_json::from_str(&self.out.next().unwrap().unwrap()).unwrap()
    }
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/webhook-receiver")
}

fn said(name: &str, usual: &str) -> String {
    std::env::var_os(name).map_or_else(|| usual.to_owned(), |text| text.into_string().unwrap())
}

fn works(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Whether to go on; says plainly when not.
fn is_there(what: &str, works: bool) -> bool {
    let required = std::env::var_os("HUB_REQUIRE_EXAMPLES").is_some_and(|value| value == "1");
    assert!(works || !required, "HUB_REQUIRE_EXAMPLES=1, and {what} or its libraries are not here");
    if !works {
        // Past the test harness, which shows nothing of a test that passes.
        let words = format!("NOT TESTED: {what} or its libraries are not here; see examples/webhook-receiver\n");
        std::io::stderr().write_all(words.as_bytes()).unwrap();
    }
    works
}

/// Serves a key set to whoever asks.
async fn key_set(keys: &[VerifyingKey]) -> String {
    let keys: Vec<Value> = keys
        .iter()
        .map(|key| {
            let mut jwk = serde_json::to_value(key.to_jwk()).unwrap();
            jwk["purpose"] = "webhook".into();
            jwk
        })
        .collect();
    let body = json!({ "keys": keys }).to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
            let _ = stream.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        }
    });
    url
}

/// Sends an event and answers what came of it.
async fn send(url: &str, id: Uuid, body: &str, signers: &[Signer], token: Option<&str>) -> (Verdict, Option<u16>) {
    let host: AuthorityCode = "E10000016".parse().unwrap();
    let sender = Sender::new(Guard::for_demonstration(), Limits::default()).unwrap();
    let endpoint = sender.guard().admit(host, url).unwrap();
    let message = Message { id, body: body.as_bytes() };
    let mut prepared = prepare(&endpoint, message, signers, SystemClock.now()).unwrap();
    if let Some(token) = token {
        prepared = prepared.expecting(token);
    }
    let outcome = sender.send(&prepared).await;
    (outcome.verdict, outcome.status)
}

/// What every receiver must do.
async fn does_what_it_should(command: Command) {
    let [old, new, stranger] = [1, 2, 3].map(|seed| SigningKey::from_seed(&[seed; 32]).unwrap());
    let [shared, other] = [7, 8].map(|byte| SharedSecret::from_bytes(vec![byte; 32]).unwrap());
    let jwks = key_set(&[old.verifying_key(), new.verifying_key()]).await;
    let mut receiver = Receiver::start(command, &shared, &jwks);
    let url = receiver.url.clone();
    let ed = |key: &SigningKey| Signer::Ed25519(key.clone());
    let hmac = |secret: &SharedSecret| Signer::Hmac(secret.clone());

    let event = |kind: &str, data: Value| {
        json!({ "specversion": "1.0", "id": "x", "type": format!("uk.sufficiencyhub.{kind}.v1"), "data": data })
            .to_string()
    };
    let challenge = event("endpoint.challenge", json!({ "challenge": "t0k3n" }));
    let asked = send(&url, Uuid::from_u128(1), &challenge, &[ed(&new)], Some("t0k3n")).await;
    assert_eq!(asked, (Verdict::Delivered, Some(200)), "the challenge is answered");
    let unsigned = send(&url, Uuid::from_u128(1), &challenge, &[ed(&stranger)], Some("t0k3n")).await;
    assert_eq!(unsigned.1, Some(401), "and only the hub's");

    let raised = event("notice.raised", json!({}));
    for (n, signers) in [
        vec![ed(&new), ed(&old)],
        vec![ed(&old)],
        vec![hmac(&shared)],
        vec![hmac(&other), hmac(&shared)],
        vec![ed(&stranger), hmac(&shared)],
    ]
    .into_iter()
    .enumerate()
    {
        let id = Uuid::from_u128(100 + n as u128);
        for _ in 0..2 {
            assert_eq!(send(&url, id, &raised, &signers, None).await, (Verdict::Delivered, Some(204)), "case {n}");
        }
        assert_eq!(receiver.took()["took"], "uk.sufficiencyhub.notice.raised.v1", "once, though it came twice");
    }
    for (n, signers) in [vec![ed(&stranger)], vec![hmac(&other)]].into_iter().enumerate() {
        assert_eq!(send(&url, Uuid::from_u128(n as u128), &raised, &signers, None).await.1, Some(401), "case {n}");
    }
    // The next line is of the next event: nothing was taken twice, nothing that was refused was taken.
    let last = event("notice.ended", json!({}));
    assert_eq!(send(&url, Uuid::from_u128(999), &last, &[ed(&new)], None).await.1, Some(204));
    assert_eq!(receiver.took()["took"], "uk.sufficiencyhub.notice.ended.v1");
}

fn run(command: Command) {
    tokio::runtime::Runtime::new().unwrap().block_on(does_what_it_should(command));
}

#[test]
fn in_python() {
    let python = said("HUB_EXAMPLES_PYTHON", "python3");
    let there = works(Command::new(&python).args(["-c", "import standardwebhooks, cryptography"]));
    if is_there("python3", there) {
        let mut command = Command::new(python);
        command.arg(examples().join("python/receiver.py")).arg("0");
        run(command);
    }
}

#[test]
fn in_node() {
    let usual = examples().join("node");
    let libraries = PathBuf::from(said("HUB_EXAMPLES_NODE", usual.to_str().unwrap()));
    let imports = "import 'standardwebhooks'; import '@noble/ed25519'";
    let there = works(Command::new("node").current_dir(&libraries).args(["--input-type=module", "-e", imports]));
    if is_there("node", there) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(usual.join("receiver.mjs"), folder.path().join("receiver.mjs")).unwrap();
        let modules = libraries.join("node_modules").canonicalize().unwrap();
        std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).unwrap();
        let mut command = Command::new("node");
        command.arg(folder.path().join("receiver.mjs")).arg("0");
        run(command);
    }
}
