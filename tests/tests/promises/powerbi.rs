//! The sample in `examples/powerbi`: what it asks is read out of its own text and asked, so that neither it nor the hub can
//! change alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hub_pipeline::publish::publish;
use hub_sufficiency::{definitions, is_published};
use hub_testkit::{Child, Feed, ISSUER, Persona, authority};
use serde_json::Value;

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/powerbi").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Comments are for people, and may hold anything.
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What stands between two marks, after `from`.
fn between<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let rest = text.split_once(open).unwrap_or_else(|| panic!("{open} is not there")).1;
    rest.split_once(close).unwrap_or_else(|| panic!("{close} is not there")).0
}

/// Every text in quotes.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

/// The query of the function's `Web.Contents`, its expressions evaluated as Power Query would.
fn query(text: &str, days: (&str, &str), after: i64) -> BTreeMap<String, String> {
    let fields = between(text, "Query = [", "]");
    let pairs = fields.split(',').map(|field| field.split_once('=').expect("a field"));
    pairs
        .map(|(name, value)| {
            let value = match value.trim() {
                "Day(rangeStart)" => days.0.to_owned(),
                "Day(rangeEnd)" => days.1.to_owned(),
                "Number.ToText(after)" => after.to_string(),
                literal => literal.trim_matches('"').to_owned(),
            };
            assert!(!value.contains(['(', '&']), "an expression that this test does not know: {value}");
            (name.trim().to_owned(), value)
        })
        .collect()
}

/// The path that a constant of the sample names at the hub.
fn path<'a>(text: &'a str, constant: &str) -> &'a str {
    let address = between(text, &format!("{constant} = \""), "\"");
    address.strip_prefix(ISSUER).unwrap_or_else(|| panic!("{address} is not the hub of the README"))
}

/// Asks as the function does, page by page.
async fn pages(tool: &Persona, text: &str, table: &str, days: (&str, &str)) -> Vec<Value> {
    let base = path(text, "Tables");
    assert!(text.contains("RelativePath = table,"));
    let (mut pages, mut after) = (Vec::new(), 0);
    loop {
        let asked = tool.request("GET", &format!("{base}/{table}")).query(&query(text, days, after));
        let page = tool.send(asked).await.expect(200).json();
        let last = page["releases"].as_array().and_then(|all| all.last()).and_then(|one| one["number"].as_i64());
        let is_last = page.get("next").is_none();
        pages.push(page);
        if is_last {
            return pages;
        }
        after = last.expect("a page that is not the last has releases");
    }
}

/// Names of the columns that the function gives, and their kinds.
fn columns(page: &Value) -> BTreeMap<String, String> {
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    let columns = page["columns"].as_array().expect("columns");
    columns.iter().map(|column| (word(&column["name"]), word(&column["kind"]))).collect()
}

hub_testkit::on_both! {
    async fn the_function_gets_whole_pages_with_all_that_it_reads(hub: TestHub) {
        let children: Vec<Child> = (0..60).map(|n| Child::placed(&format!("child {n}"), "E09000023")).collect();
        let sender = hub.as_borough("lewisham").await;
        sender.deliver(&Feed::placements(authority("lewisham"), "a-night", &children)).await;
        let tool = hub.as_reporting_tool().await;
        let text = sample("HubTable.pq");
        let days = ("2026-04-01", "2026-05-01");
        let empty = pages(&tool, &text, "children_in_care", days).await;
        for _ in 0..3 {
            publish(hub.hub(), "a test").await.expect("a release");
        }
        let few = text.replace("limit = \"31\"", "limit = \"1\"").replace("releases = \"last\"", "releases = \"all\"");
        assert_eq!(pages(&tool, &few, "children_in_care", days).await.len(), 3, "the function's own way from page to page");
        let found = pages(&tool, &text, "children_in_care", days).await;
        assert_eq!(found.len(), 1);
        assert!(found[0]["rows"].as_array().is_some_and(|rows| !rows.is_empty()));
        assert_eq!(columns(&empty[0]), columns(&found[0]), "columns stand when nothing does");
        for field in ["columns", "rows", "releases", "marker"] {
            assert!(text.contains(&format!("[{field}]")) && found[0].get(field).is_some(), "{field}");
        }
        let rows = found[0]["rows"].as_array().expect("rows");
        let names: BTreeSet<String> = columns(&found[0]).into_keys().collect();
        for row in rows {
            assert_eq!(row.as_object().expect("a row").keys().cloned().collect::<BTreeSet<_>>(), names);
        }
        assert_eq!(rows.iter().map(|row| &row["release"]).collect::<Vec<_>>().windows(2).filter(|two| two[0] != two[1]).count(), 0, "one release a day");
    }

    async fn the_function_types_every_kind_of_column_there_is(hub: TestHub) {
        let tool = hub.as_reporting_tool().await;
        let text = sample("HubTable.pq");
        let known = quoted(between(&text, "Typed = ", "in\n"));
        let mut kinds = BTreeSet::new();
        for definition in definitions().filter(|definition| is_published(definition.id)) {
            let page = pages(&tool, &text, definition.id, ("2026-01-01", "2026-01-01")).await.remove(0);
            kinds.extend(columns(&page).into_values());
        }
        assert_eq!(kinds.len(), 5, "{kinds:?}");
        for kind in &kinds {
            assert!(known.contains(kind.as_str()), "{kind} is given no type");
        }
    }

    async fn the_queries_name_tables_and_columns_that_are_there(hub: TestHub) {
        let tool = hub.as_reporting_tool().await;
        let text = sample("ChildrenInCare.pq");
        let table = between(&text, "HubTable(\"", "\"");
        let page = pages(&tool, &sample("HubTable.pq"), table, ("2026-01-01", "2026-01-01")).await.remove(0);
        let mut given: BTreeSet<String> = BTreeSet::new();
        for (name, kind) in columns(&page) {
            given.extend((kind == "measure").then(|| format!("{name}_hidden")));
            given.insert(name);
        }
        let chosen = quoted(between(&text, "Table.SelectColumns(", ")"));
        assert!(chosen.len() > 5);
        for column in chosen {
            assert!(given.contains(column), "{column} is no column of {table}");
        }
        for parameter in ["RangeStart", "RangeEnd"] {
            assert!(text.matches(parameter).count() >= 2, "{parameter}");
        }
        let text = sample("Definitions.pq");
        let found = tool.get(path(&text, "Definitions")).await.expect(200).json();
        let definition = found["items"][0].as_object().expect("a definition");
        for column in quoted(between(&text, "Document[items],", "MissingField")) {
            assert!(definition.contains_key(column), "{column} is nothing that a definition says");
        }
    }
}

#[test]
fn a_sample_that_asks_for_what_is_not_there_is_found() {
    let text = sample("HubTable.pq");
    assert!(!query(&text, ("a", "b"), 0).contains_key("since"));
    let rotten = text.replace("from = Day", "since = Day");
    assert!(query(&rotten, ("a", "b"), 0).contains_key("since"), "which the hub refuses as unknown");
}
