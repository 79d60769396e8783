use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use hub_domain::{Clock as _, SystemClock};
use hub_store::Store;
use hub_store::endpoint::{self, Endpoint, Scheme};
use serde_json::Value;

use crate::support::{Desk, program};

/// A hub that runs as a process of its own.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
}

impl Serving {
    pub(crate) fn start(desk: &Desk, more: &[&str]) -> Self {
        let mut child = Command::new(program())
            .args(["serve", "--listen", "127.0.0.1:0", "--json"])
            .args(more)
            .current_dir(desk.path())
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { child, address: said["listening"].as_str().unwrap().to_owned() }
    }

    /// The first line and the body of an answer.
    fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    /// Tells it to stop, as a service manager would; its exit code and what it logged.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

#[cfg(unix)]
#[test]
fn it_answers_once_it_says_so_and_stops_with_0_when_told() {
    let desk = Desk::new();
    let serving = Serving::start(&desk, &["--log-format", "json"]);
    let (status, body) = serving.get("/health/ready");
    assert_eq!((status.as_str(), body.contains("ready")), ("HTTP/1.1 200 OK", true), "{body}");
    let (status, body) = serving.get("/metrics");
    assert_eq!((status.as_str(), body.contains("hub_http_requests_total")), ("HTTP/1.1 200 OK", true), "{body}");
    assert!(serving.get("/v1/feeds").0.contains("401"));
    let (code, log) = serving.terminate();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "each line is an object: {log}");
    let checks = desk.run(&["doctor", "--json"]).json();
    let good =
        |what: &str| checks.as_array().unwrap().iter().any(|check| check["what"] == what && check["state"] == "good");
    assert!(good("keys") && good("schedules"), "a first run makes keys and registers schedules: {checks}");
    assert_eq!(desk.run(&["schedule", "next", "--count", "3", "--json"]).json().as_array().unwrap().len(), 3);
}

#[test]
fn without_migrating_it_refuses_an_empty_database() {
    let desk = Desk::new();
    let ran = desk.run(&["serve", "--listen", "127.0.0.1:0", "--no-migrate"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
}

#[test]
fn an_address_that_is_taken_is_a_fault() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = desk.run(&["serve", "--listen", &address]);
    assert!(ran.code == 3 && ran.err.contains(&address), "{ran:?}");
}

/// An endpoint whose secret lies as a hub without a key file would leave it.
fn put_endpoint(desk: &Desk) {
    let url = format!("sqlite:{}", desk.path().join("hub-data/hub.sqlite").display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&hub_store::Settings { url, connections: 2 }).await.unwrap();
        let (kent, id) = ("E10000016".parse().unwrap(), uuid::Uuid::from_u128(1));
        let fresh = Endpoint::new(kent, id, "https://receiver.example/", Scheme::V1, SystemClock.now());
        let mut tx = store.begin().await.unwrap();
        let secret = Some(b"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_vec());
        endpoint::insert(&mut tx, &Endpoint { secret, ..fresh }).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
    });
}

#[cfg(unix)]
#[test]
fn with_a_key_file_it_seals_the_secrets_of_endpoints_and_the_doctor_sees_it() {
    let desk = Desk::migrated();
    let state = |args: &[&str]| -> Value {
        let checks = desk.run(&[&["doctor", "--json"], args].concat()).json();
        let found = checks.as_array().unwrap().iter().find(|check| check["what"] == "secrets").cloned();
        found.map_or(Value::Null, |check| check["state"].clone())
    };
    assert_eq!(state(&[]), Value::Null, "nothing to say where no endpoint shares a secret");
    put_endpoint(&desk);
    assert_eq!(desk.run(&["key", "init", "hub.key"]).code, 0);
    let with = ["--key-file", "hub.key"];
    assert_eq!((state(&[]), state(&with)), ("look".into(), "look".into()));
    let (code, log) = Serving::start(&desk, &with).terminate();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!((state(&[]), state(&with)), ("bad".into(), "good".into()));
}
