//! S1 and S2: every route, every caller, what is the caller's own, somebody else's and nobody's.

mod document;
pub(crate) mod table;
pub(crate) mod world;

use std::collections::BTreeSet;

use hub_api::{ROUTES, Route, Who};
use hub_store::testing;
use hub_testkit::{Answer, Backend, TestHub, authority};

use document::Document;
use table::{CALLERS, Case, Row, TABLE};
use world::World;

/// Headers that differ from answer to answer and say nothing.
const NOISE: [&str; 3] = ["date", "x-request-id", "content-length"];

/// Routes without a row, and rows without a route.
fn unmatched(routes: &[Route], table: &[Row]) -> Vec<String> {
    let routes: BTreeSet<_> = routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let rows: BTreeSet<_> = table.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    routes.symmetric_difference(&rows).cloned().collect()
}

/// Everything that the hub answers otherwise than the table says.
async fn violations(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for row in TABLE {
        let foreign = column(world, row, Case::Foreign, &mut found).await;
        let absent = column(world, row, Case::Absent, &mut found).await;
        column(world, row, Case::Own, &mut found).await;
        for (caller, (foreign, absent)) in foreign.iter().zip(&absent).enumerate() {
            if absent.status >= 400 && shown(foreign) != shown(absent) && foreign.status == absent.status {
                found.push(format!("{} {} tells {} foreign from absent", row.method, row.path, CALLERS[caller]));
            }
        }
    }
    found
}

/// One case of a row, asked by every caller.
async fn column(world: &World, row: &Row, case: Case, found: &mut Vec<String>) -> Vec<Answer> {
    let (mut answers, document) = (Vec::new(), Document::published());
    for (caller, status) in row.expected(case).into_iter().flatten().enumerate() {
        let answer = world.ask(row.method, row.path, caller, case).await;
        if answer.status != status {
            let (method, path, who) = (row.method, row.path, CALLERS[caller]);
            found.push(format!(
                "{method} {path} {case:?} to {who}: {} and not {status}: {}",
                answer.status,
                answer.text()
            ));
        }
        found.extend(document.faults(row.method, row.path, &answer));
        if row.method == "GET" && !changes(row.path) {
            let head = world.ask("HEAD", row.path, caller, case).await;
            if head.status != status {
                found.push(format!(
                    "HEAD {} {case:?} to {}: {} and not {status}",
                    row.path, CALLERS[caller], head.status
                ));
            }
        }
        answers.push(answer);
    }
    answers
}

/// Reading the inbox changes what is in it: once is enough.
fn changes(path: &str) -> bool {
    path == "/v1/inbox"
}

/// What a caller could tell two answers apart by.
fn shown(answer: &Answer) -> (String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| !NOISE.contains(&name.as_str()));
    let headers =
        headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    (answer.without_request_id(), headers.collect())
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    assert_eq!(unmatched(ROUTES, TABLE), Vec::<String>::new());
}

#[test]
fn a_route_without_a_row_is_found() {
    let planted = Route { method: "GET", path: "/v1/children", who: Who::Public };
    let more: Vec<Route> = ROUTES.iter().copied().chain([planted]).collect();
    assert_eq!(unmatched(&more, TABLE), ["GET /v1/children"]);
    assert_eq!(unmatched(&ROUTES[1..], TABLE), ["POST /oauth/token"]);
}

hub_testkit::on_both! {
    async fn every_caller_gets_what_the_table_says(hub: TestHub) {
        let world = World::fill(&hub, false).await;
        let found = violations(&world).await;
        assert!(found.is_empty(), "{} wrong answers:\n{}", found.len(), found.join("\n"));
    }

    /// The planted fault: a hub that forgot to ask whose thing it is must be caught on every route that has foreign things.
    async fn a_forgotten_tenant_is_caught_on_every_route(hub: TestHub) {
        let world = World::fill(&hub, true).await;
        let found = violations(&world).await;
        for row in TABLE.iter().filter(|row| row.expected(Case::Foreign).is_some() && row.path != "/oauth/token") {
            let start = format!("{} {} Foreign to ", row.method, row.path);
            assert!(found.iter().any(|violation| violation.starts_with(&start)), "{start}…: not caught");
        }
    }
}

/// Tables that a tenant may read, and under whose code each keeps its rows.
const TENANT_TABLES: [&str; 19] = [
    "submission",
    "payload",
    "record",
    "notice",
    "notice_event",
    "statement",
    "delivery",
    "attempt",
    "endpoint",
    "event",
    "envelope",
    "envelope_piece",
    "envelope_opening",
    "reconciliation",
    "discrepancy",
    "reading",
    "source",
    "collection",
    "trend",
];

/// What one authority's reader sees that concerns neither it nor its notices: `table`, and rows.
async fn seen_through(hub: &TestHub, reader: &str) -> Vec<(&'static str, usize)> {
    let store = hub.db().store();
    let others: [&str; 2] = if reader == "lewisham" { ["croydon", "surrey"] } else { ["lewisham", "kent"] };
    let others = others.map(|slug| authority(slug).to_string());
    let mut seen = Vec::new();
    for table in TENANT_TABLES {
        let mut link = store.read_as(authority(reader)).await.expect("a connection");
        let rows = testing::query_on(&mut link, &format!("SELECT authority FROM {table}")).await.expect("rows");
        let foreign = rows.iter().filter(|row| row[0].as_ref().is_some_and(|code| others.contains(code))).count();
        if foreign > 0 {
            seen.push((table, foreign));
        }
    }
    seen
}

/// S2 on PostgreSQL: a statement that forgets its tenant altogether shows nobody else's rows, and where the database
/// itself has been told to forget, this test notices.
#[test]
fn row_level_security_stands_behind_every_statement() {
    hub_testkit::run(Backend::Postgres, async |hub: TestHub| {
        World::fill(&hub, false).await;
        hub.run_jobs().await;
        let url = hub.db().url().to_owned();
        let some = hub_testkit::count(&url, "FROM delivery").await.min(hub_testkit::count(&url, "FROM attempt").await);
        assert!(some > 0, "there is something to hide in every table");
        for reader in ["lewisham", "croydon"] {
            assert_eq!(seen_through(&hub, reader).await, []);
        }
        for planted in ["submission", "record", "notice", "statement", "delivery", "envelope_piece", "discrepancy"] {
            hub_testkit::rows(&url, &format!("ALTER TABLE {planted} DISABLE ROW LEVEL SECURITY")).await;
            let seen = seen_through(&hub, "lewisham").await;
            assert!(
                seen.iter().any(|(table, _)| *table == planted),
                "{planted} lies open and nobody noticed: {seen:?}"
            );
            hub_testkit::rows(&url, &format!("ALTER TABLE {planted} ENABLE ROW LEVEL SECURITY")).await;
        }
    });
}

/// What each tenant finds when the database itself shows a tenant nothing: a read that does not go through the tenant's own
/// role is one that row-level security does not stand behind.
#[test]
fn every_tenants_read_goes_through_row_level_security() {
    hub_testkit::run(Backend::Postgres, async |hub: TestHub| {
        let world = World::fill(&hub, false).await;
        hub.join(authority("lewisham"), jiff::civil::date(2026, 3, 1)).await;
        hub_pipeline::chase::chase(hub.hub()).await.expect("late feeds are chased");
        for step in hub_notices::Step::ALL {
            hub_pipeline::ladder::run(hub.hub(), *step, None).await.expect("the ladder is climbed");
        }
        let shown = found_by_tenants(&world).await;
        assert!(shown.iter().all(|(_, things)| *things > 0), "there is something to hide everywhere: {shown:?}");
        let url = hub.db().url().to_owned();
        for table in TENANT_TABLES {
            hub_testkit::rows(&url, &format!("ALTER POLICY own ON {table} USING (false)")).await;
        }
        let shown: Vec<_> = found_by_tenants(&world).await.into_iter().filter(|(_, things)| *things > 0).collect();
        assert_eq!(shown, [], "read past row-level security");
        let operators = world.callers[8].get("/v1/submissions").await.json();
        let operators = operators["items"].as_array().map_or(0, Vec::len);
        assert!(operators > 0, "the control: a read as the hub itself, as an operator's is, still finds things");
    });
}

/// Whether a row of a table counts anything: all but the number of its definition's version.
fn counts_something(row: &serde_json::Value) -> bool {
    let fields = row.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| *name != "definition_version")
        .any(|(_, value)| value.as_u64().is_some_and(|count| count > 0))
}

/// How many things Lewisham and Kent find at each address that shows a tenant's own.
async fn found_by_tenants(world: &World) -> Vec<(String, usize)> {
    let rows = TABLE
        .iter()
        .filter(|row| row.method == "GET" && row.expected(Case::Foreign).is_some())
        // What is expected of a member, and the names of tables, are the same whatever its records are.
        .filter(|row| !["/v1/feeds", "/v1/own/tables"].contains(&row.path));
    let mut found = Vec::new();
    for (row, caller) in rows.flat_map(|row| [(row, 1), (row, 3)]) {
        if row.expected(Case::Own).is_some_and(|own| own[caller] == 200) {
            let answer = world.ask(row.method, row.path, caller, Case::Own).await;
            let list = serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap_or_default();
            let things = match (list["items"].as_array(), list["rows"].as_array()) {
                (Some(items), _) => items.len(),
                (None, Some(rows)) => rows.iter().filter(|row| counts_something(row)).count(),
                (None, None) => usize::from(answer.status == 200),
            };
            found.push((format!("{} to {}", row.path, CALLERS[caller]), things));
        }
    }
    let endpoints = world.callers[3].get("/v1/endpoints").await.json();
    found.push(("/v1/endpoints to host".to_owned(), endpoints["items"].as_array().map_or(0, Vec::len)));
    found
}
