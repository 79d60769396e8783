//! What leaves: reporting keys, ranges of releases, every form of a table, the catalogues.

use std::time::Duration;

use hub_domain::Timestamp;
use hub_pipeline::Settings;
use hub_pipeline::identity::reporting::revoke;
use hub_pipeline::publish::{Audience, Form, publish, publish_to};
use hub_sufficiency::{definitions, is_published, layout};
use hub_testkit::{Answer, Child, Feed, Persona, Setup, TestDb, TestHub, authority, until};
use serde_json::Value;

/// A table with columns of every kind that a test region fills.
const TABLE: &str = "children_in_care";

/// A hub that publishes only when it is told to, whatever its clock says, and its reporting tool.
async fn begin(db: TestDb) -> (TestHub, Persona) {
    let never = "0 0 30 2 *".to_owned();
    let settings = Settings { publish_at: never.clone(), publish_public_at: never, ..Settings::default() };
    let hub = TestHub::over(db, Setup { settings, ..Setup::default() }).await;
    let children: Vec<Child> = (0..60).map(|n| Child::placed(&format!("child {n}"), "E09000023")).collect();
    let sender = hub.as_borough("lewisham").await;
    sender.deliver(&Feed::placements(authority("lewisham"), "a-night", &children)).await;
    let tool = hub.as_reporting_tool().await;
    (hub, tool)
}

/// Publishes at these moments, and gives the ids of the releases.
async fn releases(hub: &TestHub, at: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for moment in at {
        hub.clock().set(moment.parse::<Timestamp>().expect("an instant"));
        let published = publish(hub.hub(), "a test").await.expect("a release");
        ids.push(published.release.id.to_string());
    }
    ids
}

/// Three releases of two days; the first two are of one.
const NIGHTS: [&str; 3] = ["2026-04-01T02:00:00Z", "2026-04-01T03:00:00Z", "2026-04-02T02:00:00Z"];

fn lines(csv: &Answer) -> Vec<String> {
    csv.text().lines().map(str::to_owned).collect()
}

/// The release that each row of a CSV file names.
fn named(csv: &Answer) -> Vec<String> {
    let text = csv.text();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().expect("headings").iter().position(|name| name == "release").expect("a column");
    reader.records().map(|row| row.expect("a row")[at].to_owned()).collect()
}

/// The same, each once, in the order in which they come.
fn order(csv: &Answer) -> Vec<String> {
    let mut named = named(csv);
    named.dedup();
    named
}

/// The address that a `Link` header names as next.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link").strip_prefix('<')?;
    link.strip_suffix(">; rel=\"next\"").map(str::to_owned)
}

hub_testdb::on_both! {
    async fn a_key_reads_what_is_published_by_password_or_bearer_until_it_is_revoked(db: TestDb) {
        let (hub, tool) = begin(db).await;
        releases(&hub, &NIGHTS[..1]).await;
        let path = format!("/v1/tables/{TABLE}");
        let by_password = tool.get(&path).await.expect(200);
        let bearing = with(&tool, |tool| (tool.token, tool.is_keyed) = (tool.secret.clone(), false));
        assert_eq!(bearing.get(&path).await.expect(200).body, by_password.body);
        let wrong = [
            with(&tool, |tool| tool.client = "another".to_owned()),
            with(&tool, |tool| tool.secret = tool.secret.replace("hubkey_", "hubsec_")),
            with(&tool, |tool| tool.secret = format!("hubkey_{}", "A".repeat(43))),
            with(&tool, |tool| tool.secret.clear()),
        ];
        for other in &wrong {
            let refused = other.get(&path).await;
            assert_eq!((refused.status, refused.code().as_str()), (401, "unauthenticated"), "{}", refused.text());
            let ways: Vec<_> = refused.headers.get_all("www-authenticate").iter().collect();
            assert!(ways.iter().any(|way| way.as_bytes().starts_with(b"Basic realm=")), "a tool is asked for a password");
        }
        for elsewhere in ["/v1/vacancies", "/v1/submissions", "/v1/register", "/v1/own/tables", "/v1/replay", "/v1/questions"] {
            assert_eq!(tool.get(elsewhere).await.code(), "role-needed", "{elsewhere}");
        }
        let closed = hub.anonymous().get("/v1/vacancies").await.expect(401);
        let ways: Vec<_> = closed.headers.get_all("www-authenticate").iter().collect();
        assert!(!ways.iter().any(|way| way.as_bytes().starts_with(b"Basic")), "where no key opens none is asked for");
        revoke(hub.hub(), &tool.client).await.expect("revoked");
        assert_eq!(tool.get(&path).await.status, 200, "it is remembered for a minute");
        hub.clock().advance(60);
        let over = tool.get(&path).await;
        assert_eq!((over.status, over.text().contains("was revoked on 2026-04-01")), (401, true), "{}", over.text());
    }

    async fn a_keys_use_and_end_are_told_to_operators_alone(db: TestDb) {
        let (hub, tool) = begin(db).await;
        let url = hub.db().url().to_owned();
        let used = async || hub_testkit::count(&url, "FROM reporting_key WHERE used_at IS NOT NULL").await;
        assert_eq!(used().await, 0);
        tool.get("/v1/tables").await.expect(200);
        until("the use is noted", Duration::from_secs(30), async || (used().await == 1).then_some(())).await;
        let operator = hub.as_operator().await;
        let told = operator.get("/v1/events").await.expect(200).json();
        let mut kinds: Vec<&str> = told["items"].as_array().expect("events").iter().filter_map(|event| event["kind"].as_str()).collect();
        kinds.retain(|kind| kind.starts_with("reporting_key."));
        kinds.sort_unstable();
        assert_eq!(kinds, ["reporting_key.issued", "reporting_key.used"]);
        assert!(!told.to_string().contains(&tool.secret));
        let sender = hub.as_borough("lewisham").await.get("/v1/events").await.expect(200);
        assert!(!sender.text().contains("reporting_key"));
        hub.clock().advance(366 * 24 * 3600);
        let over = tool.get("/v1/tables").await;
        assert_eq!((over.status, over.text().contains("ended on 2027-04-0")), (401, true), "{}", over.text());
    }

    async fn a_key_that_asks_too_often_is_told_when_to_come_back(db: TestDb) {
        let settings = Settings { client_rate: 1, client_burst: 3, ..Settings::default() };
        let hub = TestHub::over(db, Setup { settings, ..Setup::default() }).await;
        let tool = hub.as_reporting_tool().await;
        let mut statuses = Vec::new();
        while statuses.len() < 100 && !statuses.contains(&429) {
            statuses.push(tool.get("/v1/tables").await.status);
        }
        assert!(statuses.starts_with(&[200, 200, 200]) && statuses.contains(&429), "{statuses:?}");
        assert!(hub.as_commissioner().await.get("/v1/tables").await.status == 200, "nobody else waits");
    }

    async fn a_range_is_every_row_of_its_days_page_by_page(db: TestDb) {
        let (hub, tool) = begin(db).await;
        let path = format!("/v1/tables/{TABLE}.csv");
        let empty = tool.get(&format!("{path}?from=2026-04-01&to=2026-05-01")).await.expect(200);
        let ids = releases(&hub, &NIGHTS).await;
        let whole = tool.get(&path).await.expect(200);
        assert_eq!(lines(&empty), lines(&whole)[..1], "before the first release the columns are those that will be");
        let all = tool.get(&format!("{path}?from=2026-04-01&to=2026-04-03")).await.expect(200);
        assert_eq!(order(&all), ids);
        assert_eq!(lines(&all).last(), lines(&whole).last(), "each row as its own release has it");
        let table = [
            ("from=2026-04-01&to=2026-04-02", &ids[..2]),
            ("from=2026-04-01&to=2026-04-02&releases=last", &ids[1..2]),
            ("releases=last", &ids[1..]),
            ("from=2026-04-02", &ids[2..]),
            ("to=2026-04-02", &ids[..2]),
            ("from=2026-04-01&to=2026-04-01", &ids[..0]),
            ("from=2026-04-03&to=2026-05-01", &ids[..0]),
        ];
        for (query, expected) in table {
            let found = tool.get(&format!("{path}?{query}")).await.expect(200);
            assert_eq!(order(&found), expected, "{query}");
            assert_eq!(lines(&found)[0], lines(&whole)[0], "{query}");
            assert_eq!(next(&found), None, "{query}");
        }
        let (mut read, mut way) = (Vec::new(), Some(format!("{path}?from=2026-04-01&limit=1")));
        while let Some(address) = way {
            let page = tool.get(&address).await.expect(200);
            assert_eq!(order(&page).len(), 1, "{address}");
            read.extend(named(&page));
            way = next(&page);
        }
        assert_eq!(read, named(&all), "the pages are the whole");
    }

    async fn a_range_that_has_not_changed_is_not_sent_again(db: TestDb) {
        let (hub, tool) = begin(db).await;
        releases(&hub, &NIGHTS[..2]).await;
        let path = format!("/v1/tables/{TABLE}?from=2026-04-01&to=2026-05-01");
        let first = tool.get(&path).await.expect(200);
        let again = async |tag: &str| tool.send(tool.request("GET", &path).header("if-none-match", tag)).await;
        let tag = first.header("etag").to_owned();
        let same = again(&tag).await;
        assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, tag.as_str()));
        releases(&hub, &NIGHTS[2..]).await;
        let changed = again(&tag).await.expect(200);
        assert_ne!(changed.header("etag"), tag);
        let other = tool.get(&path.replace("?", ".csv?")).await.expect(200);
        assert_ne!(other.header("etag"), changed.header("etag"), "each form has a tag of its own");
    }

    async fn what_does_not_read_is_said_place_by_place(db: TestDb) {
        let (_hub, tool) = begin(db).await;
        let path = format!("/v1/tables/{TABLE}");
        for (query, place) in [
            ("from=yesterday", "/query/from"),
            ("from=2026-04-02&to=2026-04-01", "/query/to"),
            ("releases=first", "/query/releases"),
            ("from=2026-04-01&limit=0", "/query/limit"),
            ("from=2026-04-01&limit=367", "/query/limit"),
            ("form=csv", "/query"),
        ] {
            let refused = tool.get(&format!("{path}?{query}")).await;
            assert_eq!((refused.status, refused.code().as_str()), (400, "invalid-request"), "{query}");
            assert_eq!(refused.json()["errors"][0]["pointer"], place, "{query}: {}", refused.text());
        }
        assert_eq!(tool.get("/v1/tables/nothing.csv?from=2026-04-01").await.status, 404);
        assert_eq!(tool.get("/v1/releases?from=2026-04-02&to=2026-04-01").await.status, 400);
    }

    async fn every_form_of_a_table_is_had_at_its_own_address(db: TestDb) {
        let (hub, tool) = begin(db).await;
        let ids = releases(&hub, &NIGHTS[..1]).await;
        let (now, then) = (format!("/v1/tables/{TABLE}"), format!("/v1/releases/{}/tables/{TABLE}", ids[0]));
        for form in Form::ALL.into_iter().filter(|form| form.is_given()) {
            let ending = form.as_str();
            let answer = tool.get(&format!("{now}.{ending}")).await.expect(200);
            assert!(answer.header("content-type").starts_with(form.media_type()), "{ending}");
            assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{ending}");
            for same in [format!("{then}.{ending}"), format!("{now}?format={ending}"), format!("{now}.{ending}")] {
                let same = tool.get(&same).await.expect(200);
                assert_eq!((&same.body, same.header("etag")), (&answer.body, answer.header("etag")), "{ending}");
            }
            let accepted = tool.request("GET", &now).header("accept", form.media_type());
            assert_eq!(tool.send(accepted).await.expect(200).body, answer.body, "{ending}");
            let known = tool.request("GET", &format!("{now}.{ending}")).header("if-none-match", answer.header("etag"));
            assert_eq!(tool.send(known).await.status, 304, "{ending}");
            if form == Form::Parquet {
                assert!(answer.body.starts_with(b"PAR1") && answer.body.ends_with(b"PAR1"));
                let range = tool.get(&format!("{now}.parquet?from=2026-04-01")).await.expect(200);
                assert!(range.body.starts_with(b"PAR1"));
            }
        }
        if !Form::Parquet.is_given() {
            assert_eq!(tool.get(&format!("{now}.parquet")).await.code(), "not-acceptable");
        }
    }

    async fn every_published_table_has_the_columns_that_it_is_promised_to_have(db: TestDb) {
        let (hub, tool) = begin(db).await;
        releases(&hub, &NIGHTS[..1]).await;
        for definition in definitions().filter(|definition| is_published(definition.id)) {
            let document = tool.get(&format!("/v1/tables/{}", definition.id)).await.expect(200).json();
            let promised = layout(definition.id).expect("a layout");
            let measures: Vec<&str> = promised.measures.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(document["dimensions"], serde_json::json!(promised.dimensions), "{}", definition.id);
            assert_eq!(document["measures"], serde_json::json!(measures), "{}", definition.id);
        }
    }

    async fn the_catalogues_list_what_each_may_read_and_every_address_answers(db: TestDb) {
        let (hub, tool) = begin(db).await;
        let anybody = hub.anonymous();
        for (reader, path) in [(&tool, "/v1/catalogue"), (&anybody, "/v1/public/catalogue")] {
            let before = reader.get(path).await.expect(200);
            assert_eq!(before.header("content-type"), "application/ld+json");
            assert_eq!(before.json()["dcat:dataset"], serde_json::json!([]), "nothing is published yet");
        }
        releases(&hub, &NIGHTS).await;
        publish_to(hub.hub(), Audience::Public, "a quarter").await.expect("a snapshot");
        assert_eq!(anybody.get("/v1/catalogue").await.status, 401);
        for (reader, path, right) in [(&tool, "/v1/catalogue", "RESTRICTED"), (&anybody, "/v1/public/catalogue", "PUBLIC")] {
            let answer = reader.get(path).await.expect(200);
            let known = reader.request("GET", path).header("if-none-match", answer.header("etag"));
            assert_eq!(reader.send(known).await.status, 304);
            let catalogue = answer.json();
            assert_eq!(catalogue["@type"], "dcat:Catalog");
            assert_eq!(catalogue["dct:license"].is_object(), right == "PUBLIC", "the consortium's own agreement says");
            let datasets = catalogue["dcat:dataset"].as_array().expect("datasets");
            let published = definitions().filter(|definition| is_published(definition.id));
            let mut names: Vec<&str> = published.map(|definition| definition.id).collect();
            names.sort_unstable();
            names.dedup();
            let mut listed: Vec<&str> = datasets.iter().filter_map(|one| one["dct:identifier"].as_str()).collect();
            listed.sort_unstable();
            assert_eq!(listed, names);
            for dataset in datasets {
                assert!(dataset["dct:accessRights"]["@id"].as_str().is_some_and(|id| id.ends_with(right)), "{dataset}");
                check(reader, dataset).await;
            }
            let first = if right == "PUBLIC" { "2026-04-02" } else { "2026-04-01" };
            assert_eq!(datasets[0]["dct:temporal"]["dcat:startDate"]["@value"], first);
            assert_eq!(datasets[0]["dct:temporal"]["dcat:endDate"]["@value"], "2026-04-02");
        }
    }

    async fn the_publics_snapshots_are_a_range_too_and_the_consortiums_are_not_in_it(db: TestDb) {
        let (hub, _) = begin(db).await;
        releases(&hub, &NIGHTS[..1]).await;
        let open = publish_to(hub.hub(), Audience::Public, "a quarter").await.expect("a snapshot");
        let path = format!("/v1/public/tables/{TABLE}.csv");
        let found = hub.anonymous().get(&format!("{path}?from=2026-01-01&to=2027-01-01")).await.expect(200);
        assert_eq!(order(&found), [open.release.id.to_string()]);
        assert_eq!(found.body, hub.anonymous().get(&path).await.expect(200).body);
    }
}

/// The same tool, but for one thing.
fn with(tool: &Persona, change: impl FnOnce(&mut Persona)) -> Persona {
    let mut other = tool.clone();
    change(&mut other);
    other
}

/// Every distribution of a dataset answers with the media type it says.
async fn check(reader: &Persona, dataset: &Value) {
    for form in dataset["dcat:distribution"].as_array().expect("distributions") {
        let address = form["dcat:accessURL"]["@id"].as_str().expect("an address");
        let path = address.strip_prefix(hub_testkit::ISSUER).expect("the hub's own address");
        let answer = reader.get(path).await.expect(200);
        let kind = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        let said = form["dcat:mediaType"]["@id"].as_str().expect("a media type");
        assert!(said.ends_with(&format!("/{kind}")), "{address}: {kind} and not {said}");
        if let Some(bytes) = form["dcat:byteSize"]["@value"].as_str() {
            assert_eq!(bytes, answer.body.len().to_string(), "{address}");
        }
    }
}
