//! S6: any bytes at all, to every address that takes some: never a panic, never a 500, never a value echoed, and the same
//! answer from both databases.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use hub_api::ROUTES;
use hub_domain::Dataset;
use hub_pipeline::identity::Role;
use hub_testdb::{Backend, TestDb, fresh};
use hub_testkit::{Answer, Chance, Child, Feed, Persona, Setup, TestHub, authority, trials};
use serde_json::{Value, json};

/// Stands somewhere in what is sent; may stand nowhere in what comes back.
const CANARY: &str = "qzkanarie";

/// One request, the same for both hubs but for the ids in its path.
#[derive(Debug, Clone)]
struct Shot {
    method: &'static str,
    path: &'static str,
    query: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

/// A hub and what there is on it to shoot at.
struct Range {
    hub: TestHub,
    caller: Persona,
    submission: String,
    notice: String,
}

impl Range {
    async fn open(db: TestDb) -> Self {
        let settings =
            hub_pipeline::Settings { upload_bytes: 64 << 10, client_rate: 0, ..hub_pipeline::Settings::default() };
        let hub = TestHub::over(db, Setup { settings, ..Setup::default() }).await;
        let all = [Role::Borough, Role::Host, Role::Operator, Role::Broker, Role::Commissioner];
        let caller = hub.as_client("everybody", &all, &[authority("lewisham"), authority("kent")]).await;
        let child = Child::placed("shot at", authority("kent").as_str());
        let kept = caller.deliver(&Feed::placements(authority("lewisham"), "first", &[child])).await;
        let notices = caller.get("/v1/notices").await.expect(200).json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self { submission: text(&kept["id"]), notice: text(&notices["items"][0]["id"]), hub, caller }
    }

    async fn fire(&self, shot: &Shot) -> Answer {
        let id = if shot.path.contains("notices") { &self.notice } else { &self.submission };
        let path = shot.path.replace("{id}", id).replace("{name}", "flows").replace("{dataset}", "placements");
        let path = path.replace("{code}", "not-found").replace("{*file}", "index.html");
        let mut request = self.caller.request(shot.method, &format!("{path}{}", shot.query)).body(shot.body.clone());
        for (name, value) in &shot.headers {
            request = request.header(*name, value.as_slice());
        }
        self.caller.send(request).await
    }

    /// What came of a shot, without what differs between two hubs; and every text the caller could read because of it.
    async fn outcome(&self, shot: &Shot) -> (String, String) {
        let answer = self.fire(shot).await;
        let mut text = answer.text();
        let mut outcome = format!("{} {}", answer.status, answer.code());
        if answer.status >= 400 {
            let _ = write!(outcome, " {}", answer.without_request_id());
        } else if answer.status == 202 && shot.path == "/v1/submissions" {
            let id = answer.json()["id"].as_str().unwrap_or_default().to_owned();
            let decided = self.caller.get(&format!("/v1/submissions/{id}?wait=30")).await.json();
            let report = self.caller.get(&format!("/v1/submissions/{id}/findings")).await.text();
            let _ = write!(outcome, " {} {} {report}", decided["verdict"], decided["counts"]);
            text.push_str(&report);
        }
        (outcome, text)
    }
}

/// Makes shots from samples and from nothing.
struct Gunner {
    chance: Chance,
    samples: Vec<(Dataset, &'static str, Vec<u8>)>,
    fired: usize,
}

impl Gunner {
    fn new() -> Self {
        let mut samples = Vec::new();
        for dataset in Dataset::ALL {
            for shelf in ["accepted", "rejected"] {
                let folder = format!("{}/../contracts/{dataset}/samples/{shelf}", env!("CARGO_MANIFEST_DIR"));
                let mut files: Vec<_> =
                    std::fs::read_dir(folder).expect("samples").map(|file| file.expect("a file").path()).collect();
                files.sort();
                let kind = |path: &std::path::Path| match path.extension()?.to_str()? {
                    "csv" => Some("text/csv"),
                    "ndjson" => Some("application/x-ndjson"),
                    _ => None,
                };
                samples.extend(files.iter().filter_map(|path| Some((dataset, kind(path)?, std::fs::read(path).ok()?))));
            }
        }
        Self { chance: Chance::of("anything"), samples, fired: 0 }
    }

    /// A shot at a route that takes a body.
    fn shot(&mut self, path: &'static str) -> Shot {
        self.fired += 1;
        let shot = |query: String, headers: Vec<(&'static str, Vec<u8>)>, body| Shot {
            method: "POST",
            path,
            query,
            headers,
            body,
        };
        match path {
            "/v1/submissions" => {
                let (dataset, kind, sample) = self.samples[self.chance.below(self.samples.len())].clone();
                let body = self.spoil(sample);
                let headers =
                    vec![("content-type", kind.into()), ("idempotency-key", format!("{CANARY}-{}", self.fired).into())];
                let query = format!("?dataset={dataset}&authority=E09000023&mode=full&as_at=2026-03-31");
                let mut made = shot(query, headers, body);
                self.twist(&mut made);
                made
            }
            "/oauth/token" => {
                let form = format!("grant_type=client_credentials&client_id={CANARY}&client_secret={CANARY}");
                let body = self.spoil(form.into_bytes());
                shot(String::new(), vec![("content-type", b"application/x-www-form-urlencoded".to_vec())], body)
            }
            _ => {
                let document = json!({ "note": CANARY, "url": format!("https://{CANARY}.test/x"), "reason": CANARY });
                let body = self.spoil(document.to_string().into_bytes());
                shot(String::new(), vec![("content-type", b"application/json".to_vec())], body)
            }
        }
    }

    /// A shot at a route that reads only its address.
    fn asking(&mut self, path: &'static str) -> Shot {
        let names = [
            "authority",
            "dataset",
            "limit",
            "cursor",
            "state",
            "wait",
            "format",
            "provision",
            "age",
            "needs",
            "near",
            "before",
        ];
        let value = String::from_utf8_lossy(&self.spoil(CANARY.into())).into_owned();
        let encoded: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let query = format!("?{}={encoded}", names[self.chance.below(names.len())]);
        Shot { method: "GET", path, query, headers: vec![("accept", b"*/*".to_vec())], body: Vec::new() }
    }

    /// Something wrong with the bytes; the canary somewhere in them.
    fn spoil(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.chance.below(3) {
            let at = self.chance.below(bytes.len() + 1);
            let end = at + self.chance.below(bytes.len() - at + 1);
            match self.chance.below(10) {
                0 => {
                    bytes = {
                        let many = self.chance.below(600);
                        self.chance.bytes(many)
                    }
                }
                1 => bytes.truncate(at),
                2 => drop(bytes.splice(at..at, CANARY.bytes())),
                3 => drop(bytes.splice(at..at, *b"\0")),
                4 => drop(bytes.splice(at..end.min(at + 9), *b"\xff\xfe")),
                5 => drop(bytes.splice(at..at, "\",\"\r\n;\u{feff}".bytes())),
                6 => drop(bytes.splice(at..at, b"[".repeat(2_000))),
                7 => drop(bytes.splice(at..at, b"9".repeat(400))),
                8 => {
                    let twice = bytes[at..end].to_vec();
                    bytes.splice(at..at, twice);
                }
                _ => {
                    let many = self.chance.below(9);
                    let noise = self.chance.bytes(many);
                    bytes.splice(at..at, noise);
                }
            }
            bytes.truncate(100 << 10);
        }
        let near_end = bytes.len() - bytes.len().min(self.chance.below(40));
        bytes.splice(near_end..near_end, CANARY.bytes());
        bytes
    }

    /// Something wrong with what is said of an upload.
    fn twist(&mut self, shot: &mut Shot) {
        let [modes, dates] =
            [["window", "changes", "full", CANARY], ["2026-02-30", "9999-12-31", "2026-03-01", "0000-00-00"]];
        match self.chance.below(12) {
            0 => shot.query = shot.query.replace("full", modes[self.chance.below(4)]),
            1 => shot.query = shot.query.replace("2026-03-31", dates[self.chance.below(4)]),
            2 => shot.query.push_str(&format!("&{CANARY}=1")),
            3 => shot.headers[0].1 = format!("text/{CANARY}").into(),
            4 => shot.headers.push(("content-encoding", b"gzip".to_vec())),
            5 => shot.headers.push(("content-encoding", b"zstd".to_vec())),
            6 => shot.headers.push(("content-digest", format!("sha-256=:{CANARY}:").into())),
            7 => shot.headers[1].1 = vec![0xe9; 5],
            8 => shot.query.push_str("&dry_run=true"),
            9 => shot.query.push_str("&covers_from=2026-03-01%00"),
            _ => {}
        }
    }
}

/// A refusal names an unknown column by its number and, where it reads as one, by its heading: a heading is no value.
fn without_headings(text: &str) -> String {
    let mut parts = text.split("Column ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let heading = part
            .split_once(" (")
            .and_then(|(number, rest)| number.parse::<u32>().ok().and(rest.split_once(") is not in the ")));
        kept.push_str(heading.map_or(part, |(_, rest)| rest));
    }
    kept
}

/// What is wrong with an outcome.
fn faults(shot: &Shot, outcome: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if outcome.starts_with('5') {
        found.push(format!("{outcome} to {shot:?}"));
    }
    // A host's note and an operator's reason are kept and given back, as they are meant to be.
    let given_back = outcome.starts_with('2') && shot.path != "/v1/submissions";
    if without_headings(text).contains(CANARY) && !given_back {
        found.push(format!("echoed: {text} to {shot:?}"));
    }
    found
}

/// Shoots at one hub, or at two and compares; what is wrong, and how many submissions were taken.
async fn shoot(range: &Range, other: Option<&Range>) -> (Vec<String>, usize) {
    let mut gunner = Gunner::new();
    let paths = |method| ROUTES.iter().filter(move |route| route.method == method).map(|route| route.path);
    let (mut found, mut taken) = (Vec::new(), 0);
    let (rounds, began) = (trials("HUB_FUZZ", 40), Instant::now());
    let long = Duration::from_secs(60 * trials("HUB_FUZZ_MINUTES", 0) as u64);
    for round in (0..).take_while(|round| *round < rounds || began.elapsed() < long) {
        // Submissions have by far the most to go wrong.
        let mut shots: Vec<Shot> = (0..12).map(|_| gunner.shot("/v1/submissions")).collect();
        shots.extend(paths("POST").map(|path| gunner.shot(path)));
        shots.extend(paths("GET").filter(|_| round % 4 == 0).map(|path| gunner.asking(path)));
        for shot in shots.iter().filter(|shot| shot.path != "/v1/releases" || round % 10 == 0) {
            let (outcome, text) = range.outcome(shot).await;
            taken += usize::from(outcome.starts_with("202"));
            found.extend(faults(shot, &outcome, &text));
            let Some(other) = other else { continue };
            let (others, text) = other.outcome(shot).await;
            found.extend(faults(shot, &others, &text));
            if others != outcome {
                found.push(format!("{outcome}\nelsewhere {others}\nto {shot:?}"));
            }
        }
    }
    range.hub.run_jobs().await;
    eprintln!("{} broken requests in {:?}: {} faults", gunner.fired, began.elapsed(), found.len());
    (found, taken)
}

fn assert_none((found, taken): (Vec<String>, usize)) {
    let worst: Vec<String> = found.iter().take(5).map(|fault| fault.chars().take(1_500).collect()).collect();
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), worst.join("\n\n"));
    assert!(taken > 0, "some of it passes the door, or only the door is tested");
}

#[test]
fn any_bytes_get_a_good_answer() {
    hub_testdb::run(Backend::Sqlite, async |db| {
        assert_none(shoot(&Range::open(db).await, None).await);
    });
}

#[test]
fn any_bytes_get_the_same_answer_from_both_databases() {
    hub_testdb::run(Backend::Postgres, async |db| {
        let sqlite = fresh(Backend::Sqlite).await.expect("SQLite is always there");
        assert_none(shoot(&Range::open(sqlite).await, Some(&Range::open(db).await)).await);
    });
}

/// The planted faults: a 500, and an echo.
#[test]
fn a_fault_and_an_echo_are_noticed() {
    let mut gunner = Gunner::new();
    let shot = gunner.shot("/v1/endpoints");
    assert_eq!(faults(&shot, "500 internal", "").len(), 1);
    assert_eq!(faults(&shot, "422 address-refused", &format!("{CANARY}.test is refused")).len(), 1);
    assert_eq!(faults(&shot, "422 address-refused", "refused"), Vec::<String>::new());
    assert_eq!(
        without_headings("Column 3 (qzkanarie) is not in the contract. Column qzkanarie"),
        "contract. qzkanarie"
    );
}

hub_testkit::on_both! {
    async fn nul_is_refused_wherever_text_is_taken(hub: TestHub) {
        let (sender, desk) = (hub.as_borough("lewisham").await, hub.as_host("kent").await);
        let own = authority("lewisham");
        let kept = sender.deliver(&Feed::placements(own, "k", &[Child::placed("nul", authority("kent").as_str())])).await;
        assert_eq!(kept["counts"]["opened"], 1, "{kept}");
        let notices = desk.get("/v1/inbox").await.json();
        let notice = notices["items"][0]["id"].as_str().expect("a notice").to_owned();
        let noted = desk.post(&format!("/v1/notices/{notice}/query"), &json!({ "note": "a\u{0}b" })).await;
        assert_eq!((noted.status, noted.code().as_str()), (400, "invalid-request"));
        let place = desk.post("/v1/endpoints", &json!({ "url": "https://a\u{0}b.example/" })).await;
        assert_eq!((place.status, place.code().as_str()), (400, "invalid-request"));
        let reason = hub.as_operator().await.post("/v1/releases", &json!({ "reason": "a\u{0}b" })).await;
        assert_eq!((reason.status, reason.code().as_str()), (400, "invalid-request"));
        for path in ["/v1/notices?state=%00", "/v1/submissions?dataset=a%00b", "/v1/events?authority=E0900%002", "/v1/submissions?cursor=%00"] {
            assert_eq!(sender.get(path).await.code(), "invalid-request", "{path}");
        }
        assert_eq!(hub.as_commissioner().await.get("/v1/tables/a%00b").await.code(), "not-found");
        let mut feed = Feed::placements(own, "nul", &[Child::placed("nul 2", "E09000023")]);
        let at = feed.body.len() - 8;
        feed.body[at] = 0;
        assert_eq!(sender.submit(&feed).await.code(), "file-refused");
        let form = [("grant_type", "client_credentials"), ("client_id", "a\u{0}b"), ("client_secret", "a\u{0}b")];
        let anybody = hub.anonymous();
        assert_eq!(anybody.send(anybody.request("POST", "/oauth/token").form(&form)).await.code(), "invalid-client");
    }
}
