//! S10: nothing of a child's row, and no token or secret, in any log line, measure, problem, report or published table.
//! The real binary with every log line it can write.

use std::collections::BTreeMap;

use hub_contract::{Column, contract};
use hub_domain::{AuthorityCode, Clock as _, Dataset, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{Feed, Launch, Persona, Process, TestDb, authority, child_ref, count, enrol, plain_client, rows};
use serde_json::json;

/// Texts that may be found nowhere, by where each was put.
type Canaries = BTreeMap<String, String>;

/// What is found of the canaries in a text: where each was put.
fn found<'c>(canaries: &'c Canaries, text: &str) -> Vec<&'c str> {
    canaries.iter().filter(|(_, canary)| text.contains(canary.as_str())).map(|(place, _)| place.as_str()).collect()
}

/// A row that the contract accepts, by column.
fn right(dataset: Dataset) -> BTreeMap<&'static str, &'static str> {
    match dataset {
        Dataset::Placements => BTreeMap::from([
            ("episode_start", "2026-03-02"),
            ("birth_month", "2012-09"),
            ("sex", "F"),
            ("ethnicity", "WBRI"),
            ("uasc", "false"),
            ("reason_new_episode", "S"),
            ("legal_status", "C2"),
            ("category_of_need", "N1"),
            ("placement_type", "U6"),
            ("placement_provider", "PR1"),
            ("placement_la", "E10000016"),
            ("distance_miles", "31.8"),
            ("urn", "SC012345"),
        ]),
        Dataset::Searches => BTreeMap::from([
            ("opened_on", "2026-03-02"),
            ("provision_sought", "foster_household"),
            ("age", "11"),
            ("sex", "F"),
        ]),
        Dataset::Vacancies => BTreeMap::from([
            ("urn", "1234567"),
            ("setting_ref", "st-1"),
            ("provider_name", "Harbour Care"),
            ("provision", "childrens_home"),
            ("sector", "private"),
            ("host_la", "E09000023"),
            ("outcode", "SE13"),
            ("approved_places", "4"),
            ("occupied_places", "3"),
            ("available_places", "1"),
            ("held_places", "0"),
            ("closed_places", "0"),
            ("age_min", "10"),
            ("age_max", "17"),
            ("sex_accepted", "any"),
            ("confirmed_at", "2026-03-20T16:05:00Z"),
        ]),
        Dataset::Quality => BTreeMap::from([
            ("urn", "1234567"),
            ("setting_ref", "st-1"),
            ("kind", "concern"),
            ("occurred_on", "2026-03-02"),
            ("source", "borough_qa"),
            ("concern_level", "serious"),
            ("in_force_from", "2026-03-02"),
        ]),
        Dataset::Admissions => BTreeMap::from([
            ("urn", "SC012345"),
            ("notified_under", "reg_41"),
            ("setting_sector", "SE13 6"),
            ("placing_la", "E10000016"),
            ("birth_month", "2012-09"),
            ("sex", "F"),
            ("admitted_on", "2026-03-02"),
        ]),
        Dataset::Regulator => BTreeMap::new(),
        Dataset::Fostering => BTreeMap::from([
            ("approval_type", "mainstream"),
            ("approved_places", "2"),
            ("enquiry_on", "2025-06-02"),
            ("stage_2_on", "2025-08-04"),
            ("panel_on", "2025-10-06"),
            ("approved_on", "2025-10-13"),
        ]),
        Dataset::CareLeavers => BTreeMap::from([
            ("age", "19"),
            ("birth_month", "2006-09"),
            ("in_touch", "YES"),
            ("accommodation", "U1"),
            ("activity", "F2"),
        ]),
    }
}

/// A row per column, each with one canary where it does not belong; and one good row whose references are canaries.
fn poisoned(authority: AuthorityCode, dataset: Dataset, key: &str, canaries: &mut Canaries) -> Feed {
    let columns = &contract(dataset).columns;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(columns.iter().map(|column| &column.name)).expect("a heading");
    let refers = |column: &&Column| column.name.ends_with("_ref");
    let mut write = |label: &str, poison: &dyn Fn(&Column) -> Option<String>| {
        let right = right(dataset);
        let cells = columns.iter().map(|column| {
            let cell = poison(column)
                .inspect(|canary| drop(canaries.insert(format!("{dataset} {label} {}", column.name), canary.clone())));
            let own = || {
                if refers(&column) && !right.contains_key(column.name.as_str()) && is_key(column) {
                    child_ref(label)
                } else {
                    String::new()
                }
            };
            cell.unwrap_or_else(|| right.get(column.name.as_str()).map_or_else(own, |cell| (*cell).to_owned()))
        });
        csv.write_record(cells.collect::<Vec<_>>()).expect("a row");
    };
    let good = |column: &Column| refers(&column).then(|| child_ref(&format!("canary {dataset} {}", column.name)));
    write("good row", &good);
    for poisoned in columns {
        let canary = format!("qzkanarie-{dataset}-{}", poisoned.name.replace('_', ""));
        write(&format!("bad {}", poisoned.name), &|column| (column.name == poisoned.name).then(|| canary.clone()));
    }
    Feed { mode: "full", ..Feed::of(authority, dataset, key, csv.into_inner().expect("bytes")) }
}

/// References that every row must have one of its own of.
fn is_key(column: &Column) -> bool {
    ["child_ref", "search_ref", "event_ref", "admission_ref", "household_ref", "person_ref"]
        .contains(&column.name.as_str())
}

/// Everything that anybody may read because of these feeds, by where.
async fn readable(caller: &Persona, operator: &Persona, feeds: &[Feed]) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for feed in feeds {
        let taken = caller.submit(feed).await;
        texts.push((format!("the answer to {}", feed.key), taken.text()));
        let Some(id) = taken.json()["id"].as_str().map(str::to_owned) else { continue };
        for path in ["?wait=30", "/findings", "/findings?format=csv"] {
            let path = format!("/v1/submissions/{id}{path}");
            texts.push((path.clone(), caller.get(&path).await.expect(200).text()));
        }
    }
    for path in ["/v1/submissions", "/v1/feeds", "/v1/events", "/metrics", "/v1/submissions?dataset=qzkanarie"] {
        texts.push((path.to_owned(), operator.get(path).await.text()));
    }
    let release = operator.post("/v1/releases", &json!({})).await.expect(201).json();
    for path in release["tables"].as_array().into_iter().flatten().filter_map(|path| path.as_str()) {
        texts.push((path.to_owned(), operator.get(path).await.text()));
    }
    texts
}

/// What the hub wrote about its own work.
async fn kept_words(db: &TestDb) -> String {
    let mut words = String::new();
    for sql in [
        "SELECT error FROM job WHERE error IS NOT NULL",
        "SELECT held_reason FROM submission WHERE held_reason IS NOT NULL",
        "SELECT error FROM delivery WHERE error IS NOT NULL",
        "SELECT data FROM event",
        "SELECT outcome FROM attempt",
    ] {
        words.extend(rows(db.url(), sql).await.into_iter().flatten().map(|word| word + "\n"));
    }
    words
}

async fn nothing_is_told(db: TestDb) {
    let (own, now) = (authority("lewisham"), SystemClock.now());
    let (sender, operator) = (
        enrol(db.store(), now, "sender", &[Role::Borough], &[own]).await,
        enrol(db.store(), now, "operator", &[Role::Operator], &[]).await,
    );
    let launch =
        Launch { log: "trace", env: vec![("RUST_BACKTRACE".to_owned(), "1".to_owned())], ..Launch::on(db.url()) };
    let process = Process::begin(&launch).await;
    let caller = Persona::enter(&process.base(), &plain_client(), "sender", &sender).await;
    let operator = Persona::enter(&process.base(), &plain_client(), "operator", &operator).await;
    let mut canaries = Canaries::new();
    let mut feeds: Vec<Feed> = Dataset::ALL
        .iter()
        .map(|dataset| poisoned(own, *dataset, &format!("poisoned {dataset}").replace(' ', "-"), &mut canaries))
        .collect();
    // The same once more without its bad rows, so that records, notices and tables are made of canaries too.
    feeds.extend(feeds.clone().into_iter().map(|feed| good_rows_only(&feed)));
    for (place, feed) in at_the_door(own) {
        canaries.insert(place.to_owned(), "QX9 9ZZ".to_owned());
        feeds.push(feed);
    }
    assert!(canaries.len() >= 100, "{} canaries", canaries.len());
    for (place, text) in readable(&caller, &operator, &feeds).await {
        assert_eq!(found(&canaries, &text), Vec::<&str>::new(), "in {place}");
    }
    assert!(count(db.url(), "FROM notice").await > 0, "a notice was made of canaries");
    let mut log = process.log() + &kept_words(&db).await;
    assert!(
        ["the hub is up", "decided"].iter().all(|word| log.contains(word)),
        "the log was written: {} bytes",
        log.len()
    );
    let mut secrets = canaries.clone();
    secrets.extend([&caller, &operator].map(|who| (format!("the secret of {}", who.client), who.secret.clone())));
    secrets.extend([&caller, &operator].map(|who| (format!("the token of {}", who.client), who.token.clone())));
    let signature = |token: &str| token.rsplit('.').next().unwrap_or_default().to_owned();
    secrets.extend([&caller, &operator].map(|who| (format!("the signature of {}", who.client), signature(&who.token))));
    assert_eq!(found(&secrets, &log), Vec::<&str>::new(), "in the log");
    // The planted fault: one row in a log line.
    log.push_str(String::from_utf8_lossy(&feeds[0].body).lines().nth(1).unwrap_or_default());
    assert!(found(&secrets, &log).contains(&"placements good row child_ref"));
}

fn good_rows_only(feed: &Feed) -> Feed {
    let text = String::from_utf8(feed.body.clone()).expect("text");
    let body: String = text.lines().take(2).map(|line| format!("{line}\n")).collect();
    Feed { key: format!("{}-good", feed.key), body: body.into_bytes(), ..feed.clone() }
}

/// Over-collection: a whole postcode where a sector belongs, and one in a column that the contract does not have.
fn at_the_door(own: AuthorityCode) -> [(&'static str, Feed); 2] {
    let plain = Feed::placements(own, "door-1", &[hub_testkit::Child::placed("door", "E09000023")]);
    let text = String::from_utf8(plain.body.clone()).expect("text");
    let more = |heading: &str| {
        text.replacen("urn\r\n", &format!("urn,{heading}\r\n"), 1).replacen("SC012345", "SC012345,QX9 9ZZ", 1)
    };
    let with = |key: &str, body: String| Feed { key: key.to_owned(), body: body.into_bytes(), ..plain.clone() };
    [
        ("a whole postcode", with("door-1", more("placement_sector"))),
        ("an unknown column", with("door-2", more("mothers_postcode"))),
    ]
}

hub_testdb::on_both! {
    async fn no_canary_and_no_secret_is_found_outside(db: TestDb) {
        nothing_is_told(db).await;
    }
}
