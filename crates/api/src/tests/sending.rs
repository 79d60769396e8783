use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_contract::{contract, csv_template};
use hub_domain::Dataset;
use hub_pipeline::identity::Role;

use super::persona::{CROYDON, LEWISHAM};
use super::stage::{Answer, Stage, bearing};

const QUERY: &str = "dataset=quality&mode=full&as_at=2026-03-01";

struct Sent<'a> {
    query: String,
    headers: Vec<(&'a str, String)>,
    body: Vec<u8>,
}

fn right() -> Sent<'static> {
    Sent {
        query: format!("{QUERY}&authority={LEWISHAM}"),
        headers: vec![("content-type", "text/csv".to_owned()), ("idempotency-key", "night-1".to_owned())],
        body: csv_template(contract(Dataset::Quality)).into_bytes(),
    }
}

async fn send(stage: &Stage, token: &str, sent: Sent<'_>) -> Answer {
    let mut request = bearing(Method::POST, &format!("/v1/submissions?{}", sent.query), token);
    for (name, value) in sent.headers {
        request = request.header(name, value);
    }
    stage.ask(request.body(Body::from(sent.body)).unwrap()).await
}

#[tokio::test]
async fn a_feed_is_kept_answered_with_a_receipt_and_the_same_again_is_the_same() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let first = send(&stage, &token, right()).await;
    assert_eq!(first.status.as_u16(), 202, "{}", first.text());
    let kept = first.json();
    let id = kept["id"].as_str().unwrap();
    assert_eq!(first.header("location"), format!("/v1/submissions/{id}"));
    let receipt = stage.issuer.read_receipt(kept["receipt"].as_str().unwrap()).expect("signed by the hub");
    assert_eq!((receipt.id.to_string().as_str(), receipt.sender.as_str(), receipt.position), (id, "lewisham", 1));
    assert_eq!(receipt.digest, kept["digest"].as_str().unwrap());
    let again = send(&stage, &token, right()).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, kept.clone()));
    let found = stage.get(&format!("/v1/submissions/{id}"), &token).await.json();
    assert_eq!(found, kept, "the receipt can be had again at any time");
    assert_eq!(stage.get("/v1/submissions", &token).await.json()["items"][0]["id"], id);
    assert_eq!(stage.get(&format!("/v1/submissions/{id}/findings"), &token).await.problem(), "not-decided");
}

#[tokio::test]
async fn another_borough_neither_sends_nor_sees_it_and_the_operator_sees_it() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let other = stage.caller("croydon", &[Role::Borough], &[CROYDON]).await;
    let operator = stage.caller("ops", &[Role::Operator], &[]).await;
    let kept = send(&stage, &token, right()).await.json();
    let path = format!("/v1/submissions/{}", kept["id"].as_str().unwrap());
    assert_eq!(send(&stage, &other, right()).await.problem(), "not-found");
    assert_eq!(stage.get(&path, &other).await.problem(), "not-found");
    assert!(stage.get("/v1/submissions", &other).await.json()["items"].as_array().unwrap().is_empty());
    for verb in ["confirm", "withdraw"] {
        let request = bearing(Method::POST, &format!("{path}/{verb}"), &other);
        assert_eq!(stage.ask(request.body(Body::empty()).unwrap()).await.problem(), "not-found", "{verb}");
    }
    assert_eq!(stage.get(&path, &operator).await.json()["id"], kept["id"]);
    assert_eq!(send(&stage, &operator, right()).await.problem(), "role-needed");
}

#[tokio::test]
async fn what_is_wrong_with_an_upload_is_said_by_name() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let with = |name: &'static str, value: &str| {
        let mut sent = right();
        sent.headers.retain(|header| header.0 != name);
        if !value.is_empty() {
            sent.headers.push((name, value.to_owned()));
        }
        sent
    };
    let wrong_digest = format!("sha-256=:{}:", STANDARD.encode([7; 32]));
    let table = [
        (with("idempotency-key", ""), 400, "idempotency-key-missing"),
        (with("idempotency-key", "a b"), 400, "idempotency-key-missing"),
        (with("idempotency-key", &"k".repeat(129)), 400, "idempotency-key-missing"),
        (with("content-type", ""), 415, "unsupported-media-type"),
        (with("content-type", "application/pdf"), 415, "unsupported-media-type"),
        (with("content-type", "text/csv; charset=utf-16"), 415, "unsupported-media-type"),
        (with("content-encoding", "br"), 415, "unsupported-media-type"),
        (with("content-digest", "sha-256=AAAA"), 400, "invalid-request"),
        (with("content-digest", &wrong_digest), 400, "digest-mismatch"),
        (with("content-length", "999999999"), 413, "too-large"),
        (Sent { body: vec![b'x'; 5000], ..right() }, 413, "too-large"),
        (Sent { body: b"nonsense\r\n1\r\n".to_vec(), ..right() }, 422, "file-refused"),
        (
            Sent { query: format!("dataset=quality&mode=window&as_at=2026-03-01&authority={LEWISHAM}"), ..right() },
            422,
            "covers-from",
        ),
        (
            Sent { query: format!("dataset=quality&mode=full&as_at=2027-03-01&authority={LEWISHAM}"), ..right() },
            422,
            "future-date",
        ),
        (
            Sent { query: format!("dataset=regulator&mode=full&as_at=2026-03-01&authority={LEWISHAM}"), ..right() },
            422,
            "wrong-sender",
        ),
    ];
    for (sent, status, code) in table {
        let shown = format!("{} {:?}", sent.query, sent.headers);
        let answer = send(&stage, &token, sent).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{shown}");
    }
    assert!(
        stage.get("/v1/submissions", &token).await.json()["items"].as_array().unwrap().is_empty(),
        "nothing was kept"
    );
}

#[tokio::test]
async fn one_key_with_other_bytes_is_refused_and_a_dry_run_keeps_nothing() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let rehearsed = send(&stage, &token, Sent { query: format!("{}&dry_run=true", right().query), ..right() }).await;
    assert_eq!((rehearsed.status.as_u16(), &rehearsed.json()["dry_run"]), (200, &true.into()), "{}", rehearsed.text());
    assert!(stage.get("/v1/submissions", &token).await.json()["items"].as_array().unwrap().is_empty());
    send(&stage, &token, right()).await;
    let other =
        Sent { query: format!("dataset=quality&mode=changes&as_at=2026-03-01&authority={LEWISHAM}"), ..right() };
    assert_eq!(send(&stage, &token, other).await.problem(), "key-reused");
}

#[tokio::test]
async fn the_list_has_pages() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    for night in 1..=5 {
        let mut sent = right();
        sent.query = format!("dataset=quality&mode=full&as_at=2026-02-0{night}&authority={LEWISHAM}");
        sent.headers[1].1 = format!("night-{night}");
        assert_eq!(send(&stage, &token, sent).await.status.as_u16(), 202);
    }
    let mut path = "/v1/submissions?limit=2&dataset=quality".to_owned();
    let mut seen = Vec::new();
    for rows in [2, 2, 1] {
        let page = stage.get(&path, &token).await;
        let json = page.json();
        let items = json["items"].as_array().unwrap();
        assert_eq!(items.len(), rows, "{path}");
        seen.extend(items.iter().map(|item| item["position"].as_i64().unwrap()));
        let Some(next) = json["next"].as_str() else { break };
        assert_eq!(page.header("link"), format!("<{next}>; rel=\"next\""));
        path = next.to_owned();
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn told_to_stop_it_keeps_nobody_waiting_for_a_verdict() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let kept = send(&stage, &token, right()).await.json();
    let path = format!("/v1/submissions/{}?wait=30", kept["id"].as_str().unwrap());
    let began = std::time::Instant::now();
    let (waited, ()) = tokio::join!(stage.get(&path, &token), async { stage.api.drain() });
    assert_eq!((waited.status.as_u16(), waited.json()), (200, kept), "as it stands");
    assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
}
