//! What a page says is what the API says of the same release to the same reader; what is hidden is shown as hidden, with the
//! reason, and never as nought.

use hub_testkit::{Markup, Persona, TestHub, Visitor};
use serde_json::Value;

use crate::stage::{HOME, publish, region};

/// A figure as a page prints it.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Number(number) => {
            let digits = number.to_string();
            if digits.len() > 3 {
                format!("{},{}", &digits[..digits.len() - 3], &digits[digits.len() - 3..])
            } else {
                digits
            }
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

async fn page(visitor: &mut Visitor, path: &str) -> Markup {
    Markup::read(&visitor.get(path).await.expect(200).text())
}

/// The rows of a published table whose labels are these.
async fn rows(reader: &Persona, table: &str, labels: &[(&str, &str)]) -> Vec<Value> {
    let document = reader.get(&format!("/v1/tables/{table}")).await.expect(200).json();
    let all = document["rows"].as_array().expect("rows").clone();
    all.into_iter().filter(|row| labels.iter().all(|(name, word)| row[*name] == *word)).collect()
}

/// The table of the page, row by row without regard to order, against the API's.
fn assert_same(markup: &Markup, table: &str, expected: Vec<Vec<String>>) {
    let (mut shown, mut expected) = (markup.rows(table), expected);
    shown.sort();
    expected.sort();
    assert!(!expected.is_empty(), "{table}: there is something to compare");
    assert_eq!(shown, expected, "{table}");
}

hub_testkit::on_both! {
    async fn the_pages_say_what_the_api_says(hub: TestHub) {
        region(&hub).await;
        let (mut visitor, reader) = (hub.visit("commissioner").await, hub.as_commissioner().await);
        let map = page(&mut visitor, "/region?measure=children").await;
        let told = rows(&reader, "children_in_care", &[("age_band", "all"), ("status", "all")]).await;
        let row = |row: &Value| vec![printed(&row["area_name"]), printed(&row["children"])];
        assert_same(&map, "by-area", told.iter().map(row).collect());
        // The same figure in the tile as in the table beside it.
        let lewisham = told.iter().find(|row| row["area"] == "E09000023").expect("Lewisham");
        let tile = map.elements.iter().find(|link| link.is("href", "#row-E09000023")).expect("a tile");
        assert!(tile.is("aria-label", &format!("Lewisham: {}", printed(&lewisham["children"]))), "{tile:?}");
        flows(&mut visitor, &reader).await;
        gaps(&mut visitor, &reader).await;
        indicator(&mut visitor, &reader).await;
        files(&mut visitor, &reader).await;
        own(&hub, &reader).await;
    }
}

async fn flows(visitor: &mut Visitor, reader: &Persona) {
    let out = page(visitor, "/flows?of=E09000023").await;
    let told = rows(reader, "flows", &[("area", "E09000023")]).await;
    let is_shown = |row: &&Value| row["host_level"] != "authority" || row["stock"] != 0;
    let row = |row: &Value| vec![printed(&row["host_name"]), printed(&row["stock"])];
    assert_same(&out, "out", told.iter().filter(is_shown).map(row).collect());
    let matrix = page(visitor, "/flows").await;
    let lewisham = matrix.rows("flows").into_iter().find(|row| row[0].starts_with("Lewisham")).expect("Lewisham's row");
    let all = told.iter().find(|row| row["host"] == "all").expect("all hosts");
    assert_eq!(lewisham.last(), Some(&printed(&all["stock"])));
}

async fn gaps(visitor: &mut Visitor, reader: &Persona) {
    let gaps = page(visitor, "/gaps?area=SEL&provision=childrens_home&age=13-15").await;
    let labels = [("area", "SEL"), ("provision", "childrens_home"), ("age_band", "13-15"), ("need", "all")];
    let told = rows(reader, "market_gaps", &labels).await;
    let (shown, told) = (&gaps.rows("gap-rows")[0], &told[0]);
    let measures = ["searching", "unserved", "no_offer", "reachable_places", "nearest_usable_miles", "weeks_waiting"];
    for (cell, measure) in shown[4..].iter().zip(measures) {
        assert_eq!(*cell, printed(&told[measure]), "{measure}");
    }
    assert_eq!(shown[5], "24", "{shown:?}");
    let more = &reader.get("/v1/gaps?limit=1").await.expect(200).json()["items"][0]["one_more"];
    let said = format!("{} children, aged 13-15, in {}", more["could_serve"], more["host_name"].as_str().unwrap());
    assert!(shown.last().is_some_and(|cell| cell.starts_with(&said)), "{said}: {shown:?}");
}

async fn indicator(visitor: &mut Visitor, reader: &Persona) {
    let shown = page(visitor, "/indicators/in_borough?where=each").await;
    let told = rows(reader, "in_borough", &[]).await;
    let row = |row: &Value| ["area_name", "where_name", "children"].map(|name| printed(&row[name])).to_vec();
    assert_same(&shown, "rows", told.iter().map(row).collect());
}

async fn own(hub: &TestHub, reader: &Persona) {
    let mut analyst = hub.visit("lewisham-analyst").await;
    let shown = page(&mut analyst, "/indicators/flows?whose=own&host=each").await;
    assert_eq!(shown.faults(), Vec::<String>::new());
    let own = hub.as_borough("lewisham").await;
    let told = own.get("/v1/own/tables/flows").await.expect(200).json();
    let row = |row: &Value| ["area_name", "host_name", "stock", "starts"].map(|name| printed(&row[name])).to_vec();
    let told: Vec<Vec<String>> = told["rows"].as_array().expect("rows").iter().map(row).collect();
    assert!(told.iter().any(|row| row[2] == "2"), "what a release would hide is the borough's own: {told:?}");
    assert_same(&shown, "rows", told);
    let file = analyst.get("/indicators/flows.csv?whose=own").await.expect(200);
    assert_eq!(file.body, own.get("/v1/own/tables/flows.csv").await.expect(200).body);
    assert_ne!(file.body, reader.get("/v1/tables/flows.csv").await.expect(200).body);
    for path in ["/indicators/flows?whose=own", "/indicators/flows.csv?whose=own"] {
        hub.visit("commissioner").await.get(path).await.expect(404);
    }
}

async fn files(visitor: &mut Visitor, reader: &Persona) {
    for ending in ["csv", "json"] {
        let file = visitor.get(&format!("/indicators/flows.{ending}")).await.expect(200);
        assert_eq!(file.body, reader.get(&format!("/v1/tables/flows.{ending}")).await.expect(200).body);
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"flows-2026-"), "{ending}");
    }
    visitor.get("/indicators/flows.exe").await.expect(404);
}

hub_testkit::on_both! {
    async fn what_is_hidden_is_said_to_be_hidden_and_is_never_nought(hub: TestHub) {
        region(&hub).await;
        let (mut visitor, reader) = (hub.visit("commissioner").await, hub.as_commissioner().await);
        // Two children of Greenwich live in Lewisham.
        let told = rows(&reader, "flows", &[("area", "E09000011"), ("host", "E09000023")]).await;
        assert_eq!(told[0]["stock"], "c", "the API hides it");
        let own = page(&mut visitor, "/flows?of=E09000011").await;
        let row = own.rows("out").into_iter().find(|row| row[0] == "Lewisham").expect("the row is there");
        assert_eq!(row[1], "c");
        let why = own.all("p").any(|note| note.text.starts_with("c: hidden, because too few children"));
        assert!(why, "the page says why");
        // Somebody who may not read the consortium's figures does not: not on the page, and not in the file.
        let mut host = hub.visit("kent-duty").await;
        for path in ["/flows", "/region", "/gaps", "/indicators/flows"] {
            let text = host.get(path).await.expect(200).text();
            assert!(text.contains("There is no release yet"), "{path}: {text}");
        }
        host.get("/indicators/flows.csv").await.expect(404);
    }
}

hub_testkit::on_both! {
    async fn a_provider_is_shown_with_every_judgement_and_a_search_with_its_reasons(hub: TestHub) {
        region(&hub).await;
        let mut lead = hub.visit("quality-lead").await;
        let home = page(&mut lead, &format!("/providers/{HOME}")).await;
        let text = &home.all("main").next().expect("a main").text;
        for said in [
            "Harbour House",
            "The regulator has restricted it: accommodation, since 24 January 2026.",
            "Authorities judge it differently:",
            "The regulator's overall judgement is good; otherwise judges: Bromley.",
            "Scores lie far apart: safety from 1 to 4, care from 1 to 4.",
            "Serious concerns in force: 1.",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert_eq!(home.rows("visits").len(), 2);
        let listed = page(&mut lead, "/providers").await.rows("providers");
        assert!(listed.iter().any(|row| row[1] == HOME), "{listed:?}");
        let mut broker = hub.visit("broker").await;
        let found = page(&mut broker, "/vacancies?provision=foster_household&age=10").await;
        let board = hub.as_broker().await.get("/v1/vacancies?provision=foster_household&age=10").await.expect(200).json();
        let text = &found.all("main").next().expect("a main").text;
        assert_eq!((board["total"].as_u64(), found.all("article").count()), (Some(2), 2));
        for entry in board["items"].as_array().expect("homes") {
            let confidence = &entry["confidence"];
            assert!(text.contains(&format!("{} of 100:", confidence["score"])), "{text}");
            for reason in confidence["reasons"].as_array().expect("reasons") {
                let words = reason["words"].as_str().expect("words").split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(text.contains(&words), "{words}: {text}");
            }
        }
        assert!(text.contains("Stale: last confirmed") && text.contains("Fresh: confirmed"), "{text}");
    }
}

hub_testkit::on_both! {
    async fn a_gap_is_followed_over_releases(hub: TestHub) {
        region(&hub).await;
        let mut visitor = hub.visit("commissioner").await;
        let path = "/gaps?area=SEL&provision=childrens_home&age=13-15";
        assert!(page(&mut visitor, path).await.by_id("trend").is_none(), "one release is no trend");
        hub.clock().advance(24 * 3600);
        publish(&hub).await;
        let mut visitor = hub.visit("commissioner").await;
        let trend = page(&mut visitor, path).await.rows("trend-rows");
        assert_eq!(trend, [["2026-04-01", "24"], ["2026-04-02", "24"]]);
    }
}
