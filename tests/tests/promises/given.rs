//! Notices that people and systems give, over HTTP: what is taken, what is refused and how, who sees what.

use hub_testkit::{Persona, authority, placement};
use serde_json::{Value, json};

/// A whole notice of a placement in Kent.
fn whole(words: &str) -> Value {
    let mut members = placement(words, authority("kent").as_str());
    members["type"] = json!("placement");
    members
}

fn pointers(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().expect("errors");
    errors.iter().map(|error| error["pointer"].as_str().expect("a pointer").to_owned()).collect()
}

async fn give(borough: &Persona, members: &Value) -> Value {
    borough.post("/v1/notices", members).await.expect(201).json()
}

hub_testkit::on_both! {
    async fn a_notice_is_given_read_and_answered(hub: TestHub) {
        let (lewisham, kent) = (hub.as_borough("lewisham").await, hub.as_host("kent").await);
        let given = lewisham.post("/v1/notices", &whole("a")).await.expect(201);
        let place = given.header("location").to_owned();
        let given = given.json();
        assert_eq!(place, format!("/v1/notices/{}", given["id"].as_str().expect("an id")));
        assert_eq!((&given["state"], &given["standing"], &given["version"]), (&json!("raised"), &json!("stated"), &json!(1)));
        assert_eq!(given["statements"][0]["type"], "placement");
        assert!(given["statement"]["iro_name"].is_string() && given["notice_given_at"].is_string());
        assert_eq!((&given["clocks"][0]["kind"], &given["clocks"][0]["policy"]), (&json!("planned"), &json!(false)));
        let outstanding = given["outstanding"].as_array().expect("a list");
        assert!(outstanding.len() == 8 && outstanding.iter().all(|one| one["sealed"] == true), "{outstanding:?}");
        // Needs and care plan are a part of their own: a state, a clock, a column.
        assert_eq!((&given["details"], &given["clocks"][1]["kind"]), (&json!("outstanding"), &json!("details")));
        // The host's own read is the receipt.
        assert_eq!(kent.get(&place).await.expect(200).json()["state"], "delivered");
        assert_eq!(kent.post(&format!("{place}/open"), &json!({})).await.expect(200).json()["state"], "opened");
        let asked = kent.post(&format!("{place}/query"), &json!({"note": "Which school?"})).await.expect(200).json();
        assert_eq!(asked["state"], "queried");
        let change = json!({"type": "change", "school_urn": "100001"});
        let told = lewisham.post(&format!("{place}/statements"), &change).await.expect(201).json();
        assert_eq!((&told["state"], &told["statements"][1]["changed"]), (&json!("raised"), &json!(["school_urn"])));
        assert_eq!(told["marks"], json!(["corrected"]));
        let known = kent.post(&format!("{place}/acknowledge"), &json!({})).await.expect(200).json();
        assert_eq!((&known["state"], &known["statement"]["school_urn"]), (&json!("acknowledged"), &json!("100001")));
        // What is not a consultation is not complete in clear, so it is not complete at all.
        let end = json!({"type": "intention_to_end", "ending_on": "2026-09-01"});
        assert_eq!(lewisham.post(&format!("{place}/statements"), &end).await.expect(201).json()["marks"][1], "ending_notified");
        let back = json!({"type": "withdraw", "withdrawn_because": "not_placed"});
        assert_eq!(lewisham.post(&format!("{place}/statements"), &back).await.expect(201).json()["state"], "withdrawn");
        let late = lewisham.post(&format!("{place}/statements"), &end).await.expect(409);
        assert_eq!(late.code(), "notice-state");
    }

    async fn what_is_missing_is_named_and_may_come_later(hub: TestHub) {
        let (lewisham, kent) = (hub.as_borough("lewisham").await, hub.as_host("kent").await);
        let mut members = whole("a");
        for name in ["iro_name", "approver_ref"] {
            members.as_object_mut().expect("an object").remove(name);
        }
        members["legal_status"] = json!("Q9-canary");
        let refused = lewisham.post("/v1/notices", &members).await.expect(422);
        assert_eq!(refused.code(), "notice-incomplete");
        let problem = refused.json();
        let mut wrong = pointers(&problem);
        wrong.sort();
        assert_eq!(wrong, ["/body/approver_ref", "/body/iro_name", "/body/legal_status"]);
        let rules: Vec<&str> = problem["errors"].as_array().expect("a list").iter().filter_map(|one| one["rule"].as_str()).collect();
        assert!(rules.contains(&"reg 11(1)"), "{rules:?}");
        assert!(!refused.text().contains("canary"), "what was sent is not repeated");
        members["legal_status"] = json!("C2");
        members["provisional"] = json!(true);
        let draft = give(&lewisham, &members).await;
        assert_eq!((&draft["state"], &draft["standing"]), (&json!("draft"), &json!("draft")));
        let path = format!("/v1/notices/{}", draft["id"].as_str().expect("an id"));
        kent.get(&path).await.expect(404);
        assert_eq!(kent.get("/v1/inbox").await.expect(200).json()["items"], json!([]));
        kent.post(&format!("{path}/open"), &json!({})).await.expect(404);
        let whole = json!({"type": "placement", "iro_name": "C. Doyle", "approver_ref": "D-1"});
        let given = lewisham.post(&format!("{path}/statements"), &whole).await.expect(201).json();
        assert_eq!((&given["id"], &given["state"]), (&draft["id"], &json!("raised")));
        let seen = kent.get(&path).await.expect(200).json();
        assert_eq!(seen["statements"].as_array().map(Vec::len), Some(1), "the draft is not the host's");
        assert!(!seen.to_string().contains("drafted"));
    }

    async fn what_must_be_sealed_is_refused_whole(hub: TestHub) {
        let lewisham = hub.as_borough("lewisham").await;
        for (name, value) in [("date_of_birth", "2012-09-14"), ("name", "Canary"), ("return_plan", "Home to SE13 6AB")] {
            let mut members = whole("a");
            members[name] = json!(value);
            let refused = lewisham.post("/v1/notices", &members).await.expect(422);
            assert_eq!((refused.code().as_str(), pointers(&refused.json())), ("over-collected", vec![format!("/body/{name}")]));
            assert!(!refused.text().contains(value), "{name}");
        }
        let mut members = whole("a");
        members["Ada Canary"] = json!("x");
        let refused = lewisham.post("/v1/notices", &members).await.expect(422);
        assert_eq!((refused.code().as_str(), pointers(&refused.json())), ("notice-incomplete", vec!["/body".to_owned()]));
        assert!(!refused.text().contains("Canary"));
        assert_eq!(hub_testkit::count(hub.db().url(), "FROM statement").await, 0);
    }

    async fn a_request_that_makes_no_sense_says_where(hub: TestHub) {
        let lewisham = hub.as_borough("lewisham").await;
        for (members, pointer) in [
            (json!({}), "/body/type"),
            (json!({"type": "gossip"}), "/body/type"),
            (json!({"type": ["placement"]}), "/body/type"),
            (json!({"type": "placement", "provisional": "yes"}), "/body/provisional"),
            (json!({"type": "ended", "provisional": true}), "/body/provisional"),
            (json!({"type": "placement", "authority": "Lewisham"}), "/body/authority"),
            (json!({"type": "change", "notice_id": "7"}), "/body/notice_id"),
        ] {
            let refused = lewisham.post("/v1/notices", &members).await.expect(400);
            assert_eq!((refused.code().as_str(), pointers(&refused.json())), ("invalid-request", vec![pointer.to_owned()]));
        }
        let two = hub.as_client("two", &[hub_pipeline::identity::Role::Borough], &[authority("lewisham"), authority("croydon")]).await;
        assert_eq!(pointers(&two.post("/v1/notices", &whole("a")).await.expect(400).json()), ["/body/authority"]);
        lewisham.post("/v1/notices", &json!({"type": "ended", "ended_on": "2026-06-01"})).await.expect(404);
    }

    async fn a_key_gives_the_same_answer(hub: TestHub) {
        let lewisham = hub.as_borough("lewisham").await;
        let send = async |members: &Value, key: &str| {
            let request = lewisham.request("POST", "/v1/notices").header("idempotency-key", key).json(members);
            lewisham.send(request).await
        };
        let first = send(&whole("a"), "one").await.expect(201).json();
        assert_eq!(send(&whole("a"), "one").await.expect(200).json()["id"], first["id"]);
        assert_eq!(send(&whole("b"), "one").await.expect(422).code(), "key-reused");
        assert_eq!(send(&whole("b"), "no key\u{e9}").await.expect(400).code(), "idempotency-key-missing");
        assert_eq!(lewisham.post("/v1/notices", &whole("a")).await.expect(200).json()["version"], 1);
    }

    async fn what_a_host_is_not_shown_is_not_delivered(hub: TestHub) {
        let lewisham = hub.as_borough("lewisham").await;
        let both = [authority("kent"), authority("surrey")];
        let two = hub.as_client("two", &[hub_pipeline::identity::Role::Host], &both).await;
        for (words, host) in [("a", both[0]), ("b", both[0]), ("c", both[1])] {
            let mut members = placement(words, host.as_str());
            members["type"] = json!("placement");
            give(&lewisham, &members).await;
        }
        let states = async || {
            let all = lewisham.get("/v1/notices").await.expect(200).json();
            let all = all["items"].as_array().cloned().expect("a list");
            let raised = all.iter().find(|one| one["state"] == "raised").map(|one| one["id"].clone());
            (all.iter().filter(|one| one["state"] == "delivered").count(), raised)
        };
        let raised = states().await.1.expect("a notice");
        let place = format!("/v1/notices/{}", raised.as_str().expect("an id"));
        for path in ["/v1/inbox", &place] {
            let head = two.send(two.request("HEAD", path)).await.expect(200);
            assert!(head.body.is_empty(), "{path}");
        }
        two.get(&format!("{place}/attempts")).await.expect(200);
        assert_eq!(states().await.0, 0, "headers tell nobody of a child, nor does what was tried");
        for shown in 1..=3 {
            let page = two.get("/v1/inbox?state=raised&limit=1").await.expect(200).json();
            assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
            assert_eq!(states().await.0, shown, "what was cut off has not been received");
        }
    }

    async fn a_dispute_says_what_is_wrong_and_is_told(hub: TestHub) {
        let (lewisham, kent) = (hub.as_borough("lewisham").await, hub.as_host("kent").await);
        let given = give(&lewisham, &whole("a")).await;
        let place = format!("/v1/notices/{}/dispute", given["id"].as_str().expect("an id"));
        for members in [json!({}), json!({"note": "No such home."}), json!({"reason": "gossip"})] {
            let refused = kent.post(&place, &members).await.expect(400);
            assert_eq!(pointers(&refused.json()), ["/body/reason"]);
        }
        let said = json!({"reason": "not_our_area", "note": "The street is in Medway."});
        let disputed = kent.post(&place, &said).await.expect(200).json();
        assert_eq!(disputed["state"], "disputed");
        let last = disputed["events"].as_array().and_then(|all| all.last()).cloned().expect("a history");
        assert_eq!((&last["kind"], &last["detail"]), (&json!("disputed"), &said));
        let told = async |who: &Persona| {
            let all = who.get("/v1/events").await.expect(200).json();
            let all = all["items"].as_array().cloned().expect("a list");
            all.into_iter().filter(|one| one["kind"] == "notice.disputed").collect::<Vec<_>>()
        };
        let heard = told(&lewisham).await;
        assert_eq!((heard.len(), &heard[0]["data"]["reason"]), (1, &json!("not_our_area")));
        assert!(!heard[0].to_string().contains("Medway"), "what was written stands in the notice");
        assert_eq!(told(&kent).await, Vec::<Value>::new());
    }

    async fn an_unknown_host_is_held_and_nobody_else_is_told(hub: TestHub) {
        let lewisham = hub.as_borough("lewisham").await;
        let mut members = whole("a");
        members["host"] = json!("E10000099");
        let held = give(&lewisham, &members).await;
        assert_eq!((&held["state"], &held["held_because"]), (&json!("held"), &json!("unknown_host")));
        assert_eq!(hub_testkit::count(hub.db().url(), "FROM delivery").await, 0);
    }
}
