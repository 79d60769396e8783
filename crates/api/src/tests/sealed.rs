use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub_pipeline::identity::Role;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::persona::LEWISHAM;
use super::stage::{Answer, Stage, bearing};

const KENT: &str = "E10000016";
/// Public keys of age's own manual, of its specification's example, and of a pair made for this test.
const KEYS: [&str; 2] = [
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    "age1m2jkxp95hpqf7lft4gay98r9e0jmfy0zdaa2cddsj2frcedjrunqgqu3n5",
];

/// What an age file for so many keys looks like to somebody who cannot open it.
fn envelope(keys: usize) -> Vec<u8> {
    let share = "A".repeat(43);
    let stanzas = format!("-> X25519 {share}\n{share}\n").repeat(keys);
    let mut file = format!("age-encryption.org/v1\n{stanzas}--- {share}\n").into_bytes();
    file.extend([0xa5; 64]);
    file
}

fn digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

struct Scene {
    stage: Stage,
    borough: String,
    host: String,
    notice: String,
}

impl Scene {
    async fn set() -> Self {
        let stage = Stage::set().await;
        let (borough, host) = (stage.borough().await, stage.caller("kent", &[Role::Host], &[KENT]).await);
        let mut said: Value = serde_json::from_str(include_str!("../../../notices/samples/placement.json")).unwrap();
        for (name, value) in [("type", "placement"), ("authority", LEWISHAM), ("host", KENT)] {
            said[name] = json!(value);
        }
        let raised = stage.post("/v1/notices", &borough, &said).await;
        assert_eq!(raised.status.as_u16(), 201, "{}", raised.text());
        let notice = raised.json()["id"].as_str().unwrap().to_owned();
        Self { stage, borough, host, notice }
    }

    async fn register(&self, key: &str) -> Answer {
        self.stage.post("/v1/keys/sealing", &self.host, &json!({ "recipient": key })).await
    }

    async fn fingerprint(&self, key: &str) -> String {
        self.register(key).await.json()["fingerprint"].as_str().unwrap().to_owned()
    }

    async fn leave(&self, query: &str, body: Vec<u8>) -> Answer {
        let digest = digest(&body);
        self.send(query, body, "application/age", &digest).await
    }

    async fn send(&self, query: &str, body: Vec<u8>, kind: &str, digest: &str) -> Answer {
        let path = format!("/v1/notices/{}/envelopes?{query}", self.notice);
        let request = bearing(Method::POST, &path, &self.borough).header("content-type", kind);
        let request = if digest.is_empty() { request } else { request.header("content-digest", digest) };
        self.stage.ask(request.body(Body::from(body)).unwrap()).await
    }
}

#[tokio::test]
async fn a_key_is_registered_once_and_once_retired_does_not_come_back() {
    let scene = Scene::set().await;
    let first = scene.register(KEYS[0]).await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.text());
    let key = first.json();
    assert_eq!((key["registered_by"].as_str(), &key["retired_at"]), (Some("kent"), &Value::Null));
    let again = scene.register(KEYS[0]).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, key.clone()));
    let retire = format!("/v1/keys/sealing/{}/retire", key["id"].as_str().unwrap());
    let retired = scene.stage.post(&retire, &scene.host, &json!({})).await.json();
    assert_eq!((retired["retired_by"].as_str(), &retired["recipient"]), (Some("kent"), &key["recipient"]));
    assert_eq!(scene.stage.post(&retire, &scene.host, &json!({})).await.json(), retired, "again changes nothing");
    assert_eq!(scene.register(KEYS[0]).await.problem(), "key-retired");
    let seen = scene.stage.get(&format!("/v1/authorities/{KENT}/sealing-keys"), &scene.borough).await.json();
    assert_eq!(seen["items"], json!([retired]), "whoever seals sees every key there ever was");
    for bad in ["", "age1", &KEYS[0].to_uppercase(), "AGE-SECRET-KEY-1GFPYYSJZ"] {
        let refused = scene.register(bad).await;
        assert_eq!(refused.problem(), "invalid-request", "{bad}");
        assert!(bad.len() < 5 || !refused.text().contains(bad), "nothing sent is said again");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_envelope_is_said_by_name_and_nothing_is_kept() {
    let scene = Scene::set().await;
    let unknown = "0000-0000-0000-0000-0000-0000-0000-0000-0000-0000";
    let early = scene.leave(&format!("contains=name&recipients={unknown}"), envelope(1)).await;
    assert_eq!((early.status.as_u16(), early.problem().as_str()), (409, "no-key"));
    let one = scene.fingerprint(KEYS[0]).await;
    let right = format!("contains=name,sex&recipients={one}");
    let plain = b"Made Uppington, born on a day".to_vec();
    let table = [
        (right.clone(), plain, 422, "envelope-refused"),
        (right.clone(), envelope(2), 422, "envelope-refused"),
        (format!("contains=name&recipients={one},{unknown}"), envelope(2), 422, "key-unknown"),
        (format!("contains=name&recipients={unknown}"), envelope(1), 422, "key-unknown"),
        (format!("contains=&recipients={one}"), envelope(1), 422, "envelope-refused"),
        (format!("contains=shoe_size&recipients={one}"), envelope(1), 400, "invalid-request"),
        (format!("contains=name&recipients={one}&kind=letter"), envelope(1), 400, "invalid-request"),
        (format!("contains=name&recipients={one}&kind=protected_address"), envelope(1), 422, "envelope-refused"),
        ("contains=name".to_owned(), envelope(1), 400, "invalid-request"),
        (right.clone(), vec![b'x'; (10 << 20) + 1], 413, "too-large"),
    ];
    for (query, body, status, code) in table {
        let answer = scene.leave(&query, body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{query}");
        assert!(!answer.text().contains("Uppington"), "{}", answer.text());
    }
    let other = scene.send(&right, envelope(1), "application/pdf", &digest(&envelope(1))).await;
    assert_eq!(other.problem(), "unsupported-media-type");
    assert_eq!(scene.send(&right, envelope(1), "application/age", "").await.problem(), "invalid-request");
    let changed = scene.send(&right, envelope(1), "application/age", &digest(b"other")).await;
    assert_eq!(changed.problem(), "digest-mismatch");
    let path = format!("/v1/notices/{}/envelopes", scene.notice);
    assert_eq!(scene.stage.get(&path, &scene.host).await.json()["items"], json!([]), "nothing was kept");
}

#[tokio::test]
async fn an_envelope_is_given_back_as_it_came_and_a_protected_one_only_after_a_reason() {
    let scene = Scene::set().await;
    let one = scene.fingerprint(KEYS[0]).await;
    let path = format!("/v1/notices/{}/envelopes", scene.notice);
    let left = scene.leave(&format!("contains=name&recipients={one}"), envelope(1)).await;
    assert_eq!((left.status.as_u16(), left.header("location")), (201, format!("{path}/1").as_str()), "{}", left.text());
    let again = scene.leave(&format!("contains=name&recipients={one}"), envelope(1)).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, left.json()), "the same again is the same");
    let got = scene.stage.get(&format!("{path}/1"), &scene.host).await;
    assert_eq!((got.header("content-type"), &got.body), ("application/age", &envelope(1)));
    assert_eq!(got.header("content-digest"), digest(&envelope(1)));
    for n in ["0", "01", "+1", "2", "x", "99999999999999999999"] {
        assert_eq!(scene.stage.get(&format!("{path}/{n}"), &scene.host).await.problem(), "not-found", "{n}");
    }
    let said = json!({ "officer": "Pat Made-Up", "reason": "first visit" });
    let needless = scene.stage.post(&format!("{path}/1/open"), &scene.host, &said).await;
    assert_eq!(needless.problem(), "not-protected");

    let query = format!("contains=address&recipients={one}&kind=protected_address");
    assert_eq!(scene.leave(&query, envelope(1)).await.status.as_u16(), 201);
    let closed = scene.stage.get(&format!("{path}/2"), &scene.host).await;
    assert_eq!((closed.status.as_u16(), closed.problem().as_str()), (409, "opening-needed"));
    for half in [json!({}), json!({ "officer": "Pat" }), json!({ "officer": " ", "reason": "x" })] {
        assert_eq!(scene.stage.post(&format!("{path}/2/open"), &scene.host, &half).await.problem(), "invalid-request");
    }
    assert_eq!(scene.stage.post(&format!("{path}/2/open"), &scene.host, &said).await.status.as_u16(), 200);
    assert_eq!(scene.stage.get(&format!("{path}/2"), &scene.host).await.body, envelope(1));
    let other = scene.stage.caller("kent-too", &[Role::Host], &[KENT]).await;
    assert_eq!(
        scene.stage.get(&format!("{path}/2"), &other).await.problem(),
        "opening-needed",
        "whoever asked, and no other"
    );
    let notice = scene.stage.get(&format!("/v1/notices/{}", scene.notice), &scene.borough).await.json();
    let opened: Vec<_> =
        notice["events"].as_array().unwrap().iter().filter(|one| one["kind"] == "address_opened").collect();
    assert_eq!((opened.len(), &opened[0]["detail"]["officer"]), (1, &json!("Pat Made-Up")));
}

#[tokio::test]
async fn an_address_that_is_protected_after_it_was_sealed_needs_a_reason_too() {
    let scene = Scene::set().await;
    let one = scene.fingerprint(KEYS[0]).await;
    let path = format!("/v1/notices/{}/envelopes", scene.notice);
    scene.leave(&format!("contains=name,address&recipients={one}"), envelope(1)).await;
    let head = scene.stage.ask(bearing(Method::HEAD, &format!("{path}/1"), &scene.host).body(Body::empty()).unwrap());
    let head = head.await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), envelope(1).len().to_string());
    assert_eq!(scene.stage.get(&format!("{path}/1"), &scene.host).await.status.as_u16(), 200, "it is not protected");
    let change = json!({ "type": "change", "address_protected": true });
    let statements = format!("/v1/notices/{}/statements", scene.notice);
    let changed = scene.stage.post(&statements, &scene.borough, &change).await;
    assert_eq!(changed.status.as_u16(), 201, "{}", changed.text());

    assert_eq!(scene.stage.get(&format!("{path}/1"), &scene.host).await.problem(), "opening-needed");
    assert_eq!(scene.stage.get(&path, &scene.host).await.json()["items"][0]["opening_needed"], json!(true));
    let own = scene.stage.get(&format!("{path}/1"), &scene.borough).await;
    assert_eq!(own.body, envelope(1), "who placed the child knows the address");
    let said = json!({ "officer": "Pat Made-Up", "reason": "first visit" });
    assert_eq!(scene.stage.post(&format!("{path}/1/open"), &scene.host, &said).await.status.as_u16(), 200);
    assert_eq!(scene.stage.get(&format!("{path}/1"), &scene.host).await.body, envelope(1));

    let more = json!({ "type": "change", "school_urn": "100001" });
    assert_eq!(scene.stage.post(&statements, &scene.borough, &more).await.status.as_u16(), 201);
    let asked = async || {
        let events = scene.stage.get("/v1/events", &scene.borough).await.json();
        let all = events["items"].as_array().unwrap().clone();
        all.into_iter()
            .filter(|one| one["kind"] == "envelope.reseal")
            .map(|one| one["data"].clone())
            .collect::<Vec<_>>()
    };
    let wanted = json!({ "notice": scene.notice, "host": KENT, "envelope": 1, "reason": "address_protected" });
    assert_eq!(asked().await, [wanted], "once");
    let without = [envelope(1), vec![0x5a]].concat();
    scene.leave(&format!("contains=name&recipients={one}"), without).await;
    scene.leave(&format!("contains=address&recipients={one}&kind=protected_address"), envelope(1)).await;
    assert_eq!(scene.stage.get(&format!("{path}/1"), &scene.host).await.status.as_u16(), 410, "its bytes are gone");
    assert_eq!(scene.stage.get(&path, &scene.host).await.json()["items"][1]["opening_needed"], json!(false));
    assert_eq!(asked().await.len(), 1, "nothing is left to ask for");
    let notice = scene.stage.get(&format!("/v1/notices/{}", scene.notice), &scene.borough).await.json();
    let fetched = notice["events"].as_array().unwrap().iter().filter(|one| one["kind"] == "details_read").count();
    assert_eq!(fetched, 2, "asking for headers fetches nothing");
}

#[tokio::test]
async fn another_key_of_the_hosts_is_told_to_whoever_sealed_for_it() {
    let scene = Scene::set().await;
    let one = scene.fingerprint(KEYS[0]).await;
    let path = format!("/v1/notices/{}/envelopes", scene.notice);
    scene.leave(&format!("contains=name&recipients={one}"), envelope(1)).await;
    let two = scene.fingerprint(KEYS[1]).await;
    let events = scene.stage.get("/v1/events", &scene.borough).await.json();
    let event =
        events["items"].as_array().unwrap().iter().find(|one| one["kind"] == "sealing_key.rotated").unwrap().clone();
    assert_eq!(event["data"], json!({ "host": KENT, "fingerprint": two, "notices": [scene.notice] }));
    assert_eq!(scene.stage.get(&path, &scene.borough).await.json()["items"][0]["reseal_for"], json!([two]));
    scene.leave(&format!("contains=name&recipients={one},{two}"), envelope(2)).await;
    let all = scene.stage.get(&path, &scene.borough).await.json();
    assert_eq!((&all["items"][0]["superseded_by"], &all["items"][1]["reseal_for"]), (&json!(2), &json!([])));
    let gone = scene.stage.get(&format!("{path}/1"), &scene.host).await;
    assert_eq!((gone.status.as_u16(), &gone.json()["by"]), (410, &json!(2)));
}

#[tokio::test]
async fn a_host_is_told_whenever_details_lie_sealed_for_it() {
    let scene = Scene::set().await;
    let one = scene.fingerprint(KEYS[0]).await;
    let url = json!({ "url": "https://kent.example/notices", "scheme": "v1a", "events": ["notice.sealed"] });
    assert_eq!(scene.stage.post("/v1/endpoints", &scene.host, &url).await.status.as_u16(), 201);
    let two = scene.fingerprint(KEYS[1]).await;
    scene.leave(&format!("contains=name&recipients={one}&signed_by={two}"), envelope(1)).await;
    scene.leave(&format!("contains=name&recipients={one}&signed_by={two}"), envelope(1)).await;
    scene.leave(&format!("contains=name,sex&recipients={one},{two}"), envelope(2)).await;
    let all = scene.stage.get("/v1/events", &scene.host).await.json();
    let told: Vec<&Value> =
        all["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "notice.sealed").collect();
    assert_eq!(told.len(), 2, "the same twice is said once, another is said again: {all}");
    let first = &told[0]["data"];
    assert_eq!((&first["notice"], &first["envelope"]), (&json!(scene.notice), &json!(1)));
    assert_eq!((&first["contains"], &first["signed_by"]), (&json!(["name"]), &json!(two)));
    let ours = scene.stage.get("/v1/events", &scene.borough).await.json();
    assert!(ours["items"].as_array().unwrap().iter().all(|one| one["kind"] != "notice.sealed"), "the host alone");
    let queued = scene.stage.get("/v1/deliveries?type=uk.sufficiencyhub.notice.sealed.v1", &scene.host).await.json();
    let queued = queued["items"].as_array().unwrap();
    assert_eq!(queued.len(), 2, "{queued:?}");
    assert_ne!(queued[0]["event_id"], queued[1]["event_id"]);
    // The whole log, as other lists are: by name, or by Accept.
    let csv = scene.stage.get("/v1/deliveries?limit=1&format=csv", &scene.host).await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"deliveries.csv\"");
    let lines: Vec<&str> = csv.text().lines().collect();
    assert!(
        lines.len() > 2 && lines[0].starts_with("id,authority,endpoint,event_id,event_type,notice,state,"),
        "{lines:?}"
    );
    assert!(lines[1].contains(&scene.notice) || lines[2].contains(&scene.notice));
    let request = bearing(Method::GET, "/v1/deliveries", &scene.host).header("accept", "text/csv");
    assert_eq!(scene.stage.ask(request.body(Body::empty()).unwrap()).await.text(), csv.text());
    let request = bearing(Method::GET, "/v1/deliveries", &scene.host).header("accept", "image/png");
    assert_eq!(scene.stage.ask(request.body(Body::empty()).unwrap()).await.problem(), "not-acceptable");
}
