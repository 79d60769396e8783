//! The client against a hub that answers from a script.

#![expect(clippy::unwrap_used, reason = "the helpers of a test program")]

#[cfg(test)]
mod fake;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fake::FakeHub;
use hub_agent::keys::ClientKey;
use hub_agent::settings::Proof;
use hub_agent::{Connection, HubClient, HubError, Retry, Submission};
use hub_domain::{Dataset, ManualClock, Mode};
use sha2::{Digest, Sha256};

const CSV: &[u8] = b"child_ref,episode_start\nx,2026-04-01\n";
const METADATA: (&str, &str) = ("200 OK", r#"{"issuer":"https://hub.example"}"#);
const TOKEN: (&str, &str) = ("200 OK", r#"{"access_token":"first","token_type":"Bearer","expires_in":600}"#);
const RECEIVED: (&str, &str) = ("202 Accepted", r#"{"id":"0190-aa","state":"received","receipt":"a.b.c","bytes":9}"#);
const DECIDED: (&str, &str) = (
    "200 OK",
    r#"{"id":"0190-aa","state":"decided","verdict":"accepted","counts":{"rows_read":1,"rows_accepted":1,"opened":1}}"#,
);

fn client(hub: &str, proof: Proof) -> (HubClient, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at("2026-04-07T02:00:00Z".parse().unwrap()));
    let mut connection = Connection::new(hub, "lewisham", proof);
    connection.retry = Retry { tries: 3, first: Duration::ZERO, longest: Duration::ZERO };
    (HubClient::new(connection, Arc::clone(&clock) as _).unwrap(), clock)
}

fn secret() -> Proof {
    Proof::Secret("s3cret".into())
}

fn submission() -> Submission<'static> {
    Submission {
        authority: "E09000023".parse().unwrap(),
        dataset: Dataset::Placements,
        mode: Mode::Full,
        as_at: jiff::civil::date(2026, 4, 7),
        covers_from: None,
        dry_run: false,
        correction: false,
        csv: CSV,
    }
}

#[tokio::test]
async fn a_feed_is_submitted_with_its_digest_and_its_report_awaited() {
    let hub = FakeHub::answering(&[METADATA, TOKEN, RECEIVED, DECIDED]).await;
    let (client, _) = client(&hub.address, Proof::Key(ClientKey::generate().unwrap()));
    let received = client.submit(&submission()).await.unwrap();
    assert_eq!((received.id.as_str(), received.receipt.as_deref()), ("0190-aa", Some("a.b.c")));
    let decided = client.await_report(&received.id, Duration::from_mins(1)).await.unwrap();
    assert!(decided.is_accepted());
    assert_eq!(decided.counts.unwrap().opened, 1);

    let asked = hub.requests();
    let lines: Vec<&str> = asked.iter().map(|request| request.line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "GET /.well-known/oauth-authorization-server",
            "POST /oauth/token",
            "POST /v1/submissions?dataset=placements&authority=E09000023&mode=full&as_at=2026-04-07",
            "GET /v1/submissions/0190-aa?wait=20",
        ]
    );
    let form = String::from_utf8(asked[1].body.clone()).unwrap();
    assert!(form.contains("client_assertion=") && form.contains("jwt-bearer"), "{form}");
    let sent = &asked[2];
    assert_eq!(zstd::decode_all(sent.body.as_slice()).unwrap(), CSV);
    assert_eq!(sent.header("content-digest"), format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&sent.body))));
    assert_eq!((sent.header("content-type"), sent.header("content-encoding")), ("text/csv", "zstd"));
    assert_eq!(sent.header("authorization"), "Bearer first");
}

#[tokio::test]
async fn a_busy_hub_is_tried_again_with_the_same_key() {
    let busy = ("503 Service Unavailable\r\nretry-after: 0", "{}");
    let hub = FakeHub::answering(&[TOKEN, busy, ("429 Too Many Requests", "{}"), RECEIVED]).await;
    let (client, _) = client(&hub.address, secret());
    client.submit(&submission()).await.unwrap();
    let keys: Vec<String> =
        hub.requests()[1..].iter().map(|request| request.header("idempotency-key").to_owned()).collect();
    assert_eq!(keys.len(), 3);
    assert!(!keys[0].is_empty() && keys.iter().all(|key| *key == keys[0]));
}

#[tokio::test]
async fn patience_ends() {
    let hub = FakeHub::answering(&[TOKEN, ("503 Service Unavailable", "")]).await;
    let (client, _) = client(&hub.address, secret());
    let told = client.submit(&submission()).await.unwrap_err();
    assert!(matches!(told, HubError::Busy { status: 503, tries: 3 }), "{told:?}");
    assert!(told.to_string().contains("Nothing was lost"));
}

#[tokio::test]
async fn a_token_is_kept_for_most_of_its_life_and_no_longer() {
    let hub = FakeHub::answering(&[TOKEN, DECIDED, DECIDED, TOKEN, DECIDED]).await;
    let (client, clock) = client(&hub.address, secret());
    client.status("0190-aa", 0).await.unwrap();
    clock.advance(470);
    client.status("0190-aa", 0).await.unwrap();
    clock.advance(20);
    client.status("0190-aa", 0).await.unwrap();
    let tokens = hub.requests().iter().filter(|request| request.line == "POST /oauth/token").count();
    assert_eq!(tokens, 2);
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_replaced_once() {
    let second = ("200 OK", r#"{"access_token":"second","expires_in":600}"#);
    let hub = FakeHub::answering(&[TOKEN, ("401 Unauthorized", "{}"), second, DECIDED]).await;
    let (client, _) = client(&hub.address, secret());
    client.status("0190-aa", 0).await.unwrap();
    assert_eq!(hub.requests()[3].header("authorization"), "Bearer second");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_hubs_words_and_not_tried_again() {
    let problem =
        r#"{"status":409,"code":"stale-submission","title":"Stale","detail":"A later day was accepted.","errors":[]}"#;
    let hub = FakeHub::answering(&[TOKEN, ("409 Conflict", problem)]).await;
    let (client, _) = client(&hub.address, secret());
    let told = client.submit(&submission()).await.unwrap_err();
    assert_eq!(told.to_string(), "Stale: A later day was accepted. (stale-submission)");
    assert_eq!(hub.requests().len(), 2);
}

#[tokio::test]
async fn a_client_that_is_not_known_is_told_what_to_do() {
    let hub = FakeHub::answering(&[(
        "401 Unauthorized",
        r#"{"error":"invalid_client","error_description":"Unknown client"}"#,
    )])
    .await;
    let (client, _) = client(&hub.address, secret());
    let told = client.submit(&submission()).await.unwrap_err().to_string();
    assert!(told.contains("lewisham") && told.contains("Unknown client") && told.contains("hub-agent jwk"), "{told}");
    assert!(!told.contains("s3cret"));
}

#[tokio::test]
async fn no_hub_there_is_said_plainly() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (client, _) = client(&address, secret());
    let told = client.submit(&submission()).await.unwrap_err();
    assert!(matches!(told, HubError::ConnectionRefused { .. }), "{told:?}");
}

#[tokio::test]
async fn something_else_there_is_said_plainly() {
    let hub = FakeHub::answering(&[("200 OK", "<html>Sign in to the guest network</html>")]).await;
    let (client, _) = client(&hub.address, secret());
    let told = client.submit(&submission()).await.unwrap_err();
    assert!(matches!(told, HubError::NotAHub(_)), "{told:?}");
}

#[tokio::test]
async fn a_redirect_takes_neither_feed_nor_token_elsewhere() {
    let elsewhere = FakeHub::answering(&[RECEIVED]).await;
    let moved = format!("307 Temporary Redirect\r\nlocation: {}/v1/submissions", elsewhere.address);
    let hub = FakeHub::answering(&[TOKEN, (&moved, "")]).await;
    let (client, _) = client(&hub.address, secret());
    client.submit(&submission()).await.unwrap_err();
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn an_assertion_serves_one_try() {
    let hub = FakeHub::answering(&[METADATA, ("503 Service Unavailable", "{}"), TOKEN, DECIDED]).await;
    let (client, _) = client(&hub.address, Proof::Key(ClientKey::generate().unwrap()));
    client.status("0190-aa", 0).await.unwrap();
    let requests = hub.requests();
    let forms: Vec<&[u8]> = requests
        .iter()
        .filter(|request| request.line == "POST /oauth/token")
        .map(|request| request.body.as_slice())
        .collect();
    assert_eq!(forms.len(), 2);
    assert_ne!(forms[0], forms[1]);
}
