//! S4: the hub calls nobody it should not. What is counted is connections that were made.

use std::time::Duration;

use hub_pipeline::identity::Guard;
use hub_store::Store;
use hub_store::endpoint::{self, Endpoint, Scheme, State};
use hub_testdb::Backend;
use hub_testkit::{
    Child, Feed, Launch, Persona, Process, Receiver, Setup, TestHub, Trap, authority, count, enrol, rows, until,
};
use serde_json::json;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(60);

/// Addresses that lead back to this machine, to the network around it, or somewhere that is no webhook; `{}` is a port
/// on which somebody listens.
const FORBIDDEN: &[&str] = &[
    "http://127.0.0.1:{}/",
    "https://127.0.0.1:{}/",
    "https://127.0.0.1/",
    "https://127.1:{}/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0.0.0.0:{}/",
    "https://0/",
    "https://localhost:{}/",
    "https://localhost/",
    "https://localhost./",
    "https://a.localhost/",
    "https://[::1]:{}/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://[ff02::1]/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://240.0.0.1/",
    "ftp://127.0.0.1:{}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{}/",
    "http://hub.example/",
    "https://hub.example:22/",
    "https://user:secret@hub.example/",
    "https://127.0.0.1:{}\\@hub.example/",
    "https://hub.example@127.0.0.1/",
    "//127.0.0.1:{}/",
    "127.0.0.1:{}",
    "javascript:alert(1)",
    "https://",
    "https://％31%32%37.0.0.1/",
];

fn aimed_at(trap: &Trap) -> Vec<String> {
    FORBIDDEN.iter().map(|address| address.replace("{}", &trap.address().port().to_string())).collect()
}

/// Puts an address into the store as though an older or a careless hub had taken it.
async fn smuggle(store: &Store, now: hub_domain::Timestamp, nth: usize, url: &str) {
    let fresh = Endpoint::new(authority("kent"), nth_id(nth), url, Scheme::V1a, now);
    put(store, Endpoint { state: State::Active, ..fresh }).await;
}

fn nth_id(nth: usize) -> Uuid {
    Uuid::from_u128(nth as u128 + 1)
}

async fn put(store: &Store, endpoint: Endpoint) {
    let mut tx = store.begin().await.expect("a transaction");
    endpoint::insert(&mut tx, &endpoint).await.expect("an endpoint");
    tx.commit().await.expect("committed");
}

/// A child is placed in Kent: there is something to deliver.
async fn place(sender: &Persona) {
    let child = Child::placed("a child for Kent", authority("kent").as_str());
    sender.deliver(&Feed::placements(authority("lewisham"), "night", &[child])).await;
}

fn on_both(guard: fn() -> Guard, body: impl AsyncFn(TestHub)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        hub_testdb::run(backend, async |db| {
            body(TestHub::over(db, Setup { guard: guard(), ..Setup::default() }).await).await
        });
    }
}

#[test]
fn forbidden_addresses_are_not_registered() {
    on_both(Guard::public, async |hub| {
        let (trap, desk) = (Trap::set(), hub.as_host("kent").await);
        for url in aimed_at(&trap) {
            let answer = desk.post("/v1/endpoints", &json!({ "url": url })).await;
            assert_eq!((answer.status, answer.code().as_str()), (422, "address-refused"), "{url}: {}", answer.text());
            let told = answer.text();
            assert!(
                !told.contains("127.0.0.1") && !told.contains("secret") && !told.contains("hub.example"),
                "{url}: {told}"
            );
        }
        assert_eq!(count(hub.db().url(), "FROM endpoint").await, 0);
        assert_eq!(trap.sprung(), 0, "nobody was asked");
        let taken = desk.post("/v1/endpoints", &json!({ "url": "https://receiver.example/notices" })).await;
        assert_eq!(taken.status, 201, "the control is taken: {}", taken.text());
    });
}

#[test]
fn forbidden_addresses_that_are_registered_all_the_same_are_not_called() {
    on_both(Guard::public, async |hub| {
        let trap = Trap::set();
        let all = aimed_at(&trap);
        for (nth, url) in all.iter().enumerate() {
            smuggle(hub.db().store(), hub.now(), nth, url).await;
        }
        place(&hub.as_borough("lewisham").await).await;
        hub.run_jobs().await;
        let url = hub.db().url();
        assert_eq!(count(url, "FROM attempt").await, all.len() as u64, "each was looked at");
        assert_eq!(count(url, "FROM delivery WHERE state = 'delivered'").await, 0);
        assert_eq!(trap.sprung(), 0, "{:?}", rows(url, "SELECT outcome FROM attempt GROUP BY outcome").await);
    });
}

/// What goes to an endpoint before it is proved, and when its owner tries it, goes nowhere else either.
#[test]
fn forbidden_addresses_are_neither_challenged_nor_pinged() {
    on_both(Guard::public, async |hub| {
        let (trap, desk) = (Trap::set(), hub.as_host("kent").await);
        let all = aimed_at(&trap);
        for (nth, url) in all.iter().enumerate() {
            let fresh = Endpoint::new(authority("kent"), nth_id(nth), url, Scheme::V1a, hub.now());
            put(hub.db().store(), Endpoint { challenge: Some("t0k3n".to_owned()), ..fresh }).await;
            for asked in ["challenge", "ping"] {
                desk.post(&format!("/v1/endpoints/{}/{asked}", nth_id(nth)), &json!({})).await.expect(202);
            }
        }
        hub.run_jobs().await;
        let url = hub.db().url();
        assert_eq!(count(url, "FROM attempt").await, 2 * all.len() as u64, "each was looked at");
        assert_eq!(count(url, "FROM delivery WHERE state = 'delivered'").await, 0);
        assert_eq!(count(url, "FROM endpoint WHERE state <> 'unverified'").await, 0, "none has proved itself");
        assert_eq!(trap.sprung(), 0, "{:?}", rows(url, "SELECT outcome FROM attempt GROUP BY outcome").await);
    });
}

/// The planted fault: a hub whose guard lets it call this machine walks into the trap with a notice, a challenge or a ping.
#[test]
fn the_trap_works() {
    on_both(Guard::for_demonstration, async |hub| {
        let trap = Trap::set();
        smuggle(hub.db().store(), hub.now(), 0, &format!("http://{}/", trap.address())).await;
        place(&hub.as_borough("lewisham").await).await;
        until("the trap is sprung", PATIENCE, async || (trap.sprung() > 0).then_some(())).await;
        let (challenged, pinged, desk) = (Trap::set(), Trap::set(), hub.as_host("kent").await);
        desk.post("/v1/endpoints", &json!({ "url": format!("http://{}/", challenged.address()) })).await.expect(201);
        until("a challenge springs it", PATIENCE, async || (challenged.sprung() > 0).then_some(())).await;
        smuggle(hub.db().store(), hub.now(), 1, &format!("http://{}/", pinged.address())).await;
        desk.post(&format!("/v1/endpoints/{}/ping", nth_id(1)), &json!({})).await.expect(202);
        until("a ping springs it", PATIENCE, async || (pinged.sprung() > 0).then_some(())).await;
    });
}

#[test]
fn a_receiver_cannot_send_the_hub_elsewhere() {
    on_both(Guard::for_demonstration, async |hub| {
        let trap = Trap::set();
        let receiver = Receiver::redirecting(&format!("http://{}/", trap.address())).await;
        let desk = hub.as_host("kent").await;
        desk.post("/v1/endpoints", &json!({ "url": receiver.url() })).await.expect(201);
        place(&hub.as_borough("lewisham").await).await;
        hub.run_jobs().await;
        assert_eq!((receiver.letters().len(), trap.sprung()), (1, 0));
        assert_eq!(
            count(hub.db().url(), "FROM delivery WHERE state = 'delivered' AND notice <> endpoint").await,
            0,
            "a redirect is no delivery"
        );
        let receiver = Receiver::redirecting(&format!("http://{}/", trap.address())).await;
        receiver.prove_nothing();
        desk.post("/v1/endpoints", &json!({ "url": receiver.url() })).await.expect(201);
        hub.run_jobs().await;
        assert_eq!((receiver.letters().len(), trap.sprung()), (1, 0));
        assert_eq!(
            count(hub.db().url(), "FROM endpoint WHERE state = 'unverified'").await,
            1,
            "a redirect is no proof"
        );
    });
}

/// The real binary, told by its environment to go out by a proxy: the trap.
#[test]
fn the_environments_proxy_is_not_used() {
    hub_testdb::run(Backend::Sqlite, async |db| {
        let trap = Trap::set();
        let proxy = format!("http://{}", trap.address());
        let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
        let env = names.map(|name| (name.to_owned(), proxy.clone())).to_vec();
        let now = hub_domain::Clock::now(&hub_domain::SystemClock);
        smuggle(db.store(), now, 0, "https://receiver.example/notices").await;
        let secret =
            enrol(db.store(), now, "sender", &[hub_pipeline::identity::Role::Borough], &[authority("lewisham")]).await;
        let process = Process::begin(&Launch { env, ..Launch::on(db.url()) }).await;
        place(&Persona::enter(&process.base(), &hub_testkit::plain_client(), "sender", &secret).await).await;
        until("an attempt", PATIENCE, async || (count(db.url(), "FROM attempt").await > 0).then_some(())).await;
        assert_eq!(trap.sprung(), 0);
    });
}
