//! Real answers held to the published document: a status, a content type or a member that it does not have is a fault of one
//! of the two.

use hub_domain::Dataset;
use hub_testkit::{Answer, Child, Feed, authority};
use serde_json::{Map, Value, json};

/// The document, as it is published.
pub(super) struct Document(Value);

impl Document {
    pub(super) fn published() -> Self {
        let text = include_str!("../../../../contracts/openapi.json");
        Self(serde_json::from_str(text).expect("the document"))
    }

    /// Where an answer is not what the document says of it.
    pub(super) fn faults(&self, method: &str, path: &str, answer: &Answer) -> Vec<String> {
        let operation = &self.0["paths"][path][method.to_ascii_lowercase()];
        let status = answer.status.to_string();
        let documented = &operation["responses"][&status];
        let response =
            if answer.status >= 400 && documented.is_null() { &operation["responses"]["default"] } else { documented };
        if response.is_null() {
            return vec![format!("{method} {path}: {status} is not documented")];
        }
        let Some(contents) = response["content"].as_object() else { return Vec::new() };
        let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let Some(content) = contents.get(kind) else {
            return vec![format!("{method} {path}: {status} is {kind:?}, and not one of {:?}", contents.keys())];
        };
        if !kind.ends_with("json") {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.check(&content["schema"], &answer.json(), "", &mut found);
        found.into_iter().map(|fault| format!("{method} {path} {status}: {fault}")).collect()
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|place| place.strip_prefix("#/components/schemas/"));
        name.map_or(schema, |name| self.resolved(&self.0["components"]["schemas"][name]))
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let schema = self.resolved(schema);
        if let Some(forms) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let tried = forms.iter().map(|form| {
                let mut faults = Vec::new();
                self.check(form, value, at, &mut faults);
                faults
            });
            found.extend(tried.min_by_key(Vec::len).into_iter().flatten());
            return;
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            kind => kind.as_str().into_iter().collect(),
        };
        if !kinds.is_empty() && !kinds.iter().any(|kind| is_of(kind, value)) {
            found.push(format!("{at} is {}, and not {}", name_of(value), kinds.join(" or ")));
        }
        for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&schema["items"], item, &format!("{at}/{nth}"), found);
        }
        if let Value::Object(members) = value {
            self.check_members(schema, members, at, found);
        }
    }

    /// An object with `allOf` has the properties of all its parts; one without any may have any beside them.
    fn check_members(&self, schema: &Value, members: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
        let parts: Vec<&Value> = schema["allOf"].as_array().map_or_else(|| vec![schema], |all| all.iter().collect());
        let parts: Vec<&Value> = parts.into_iter().map(|part| self.resolved(part)).collect();
        let required = parts.iter().filter_map(|part| part["required"].as_array()).flatten().filter_map(Value::as_str);
        found.extend(
            required.filter(|name| !members.contains_key(*name)).map(|name| format!("{at}/{name} is not there")),
        );
        let is_open =
            parts.iter().any(|part| part["properties"].is_null() || part["properties"]["request_id"].is_object());
        for (name, member) in members {
            match parts.iter().map(|part| &part["properties"][name]).find(|property| !property.is_null()) {
                Some(property) => self.check(property, member, &format!("{at}/{name}"), found),
                // So may a problem, which says more where there is more to say.
                None if is_open => {}
                None => found.push(format!("{at}/{name} is not in the document")),
            }
        }
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => name_of(value) == other,
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

hub_testkit::on_both! {
    async fn what_a_feed_is_answered_with_is_as_documented(hub: TestHub) {
        let (document, sender) = (Document::published(), hub.as_borough("lewisham").await);
        let feed = Feed::placements(authority("lewisham"), "one", &[Child::placed("one", "E09000023")]);
        let rehearsed = sender.submit(&Feed { dry_run: true, ..feed.clone() }).await;
        let (kept, again) = (sender.submit(&feed).await, sender.submit(&feed).await);
        let body = format!("{}\n", json!({"search_ref": "s-1", "opened_on": "2026-03-02", "provision_sought": ["foster_household"], "age": 11, "sex": "F"}));
        let rows = Feed { kind: "application/x-ndjson", ..Feed::of(authority("lewisham"), Dataset::Searches, "two", body) };
        let lines = sender.submit(&rows).await;
        assert_eq!([&rehearsed, &kept, &again, &lines].map(|answer| answer.status), [200, 202, 200, 202]);
        for answer in [&rehearsed, &kept, &again, &lines] {
            assert_eq!(document.faults("POST", "/v1/submissions", answer), Vec::<String>::new());
        }
        let taken = &document.0["paths"]["/v1/submissions"]["post"]["requestBody"]["content"];
        for kind in [feed.kind, rows.kind] {
            assert!(taken[kind].is_object(), "{kind} is taken and not documented");
        }
        planted(&document, &kept);
    }
}

/// The planted faults: a member more, a member less, a member of another kind, another status.
fn planted(document: &Document, kept: &Answer) {
    let faults = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut body = kept.json();
        body.as_object_mut().map(change).expect("an object");
        let answer = Answer { body: body.to_string().into_bytes(), ..kept.clone() };
        document.faults("POST", "/v1/submissions", &answer).len()
    };
    assert_eq!(faults(&|members| drop(members.insert("surprise".to_owned(), json!(1)))), 1);
    assert_eq!(faults(&|members| drop(members.remove("digest"))), 1);
    assert_eq!(faults(&|members| drop(members.insert("position".to_owned(), json!("first")))), 1);
    assert_eq!(document.faults("POST", "/v1/submissions", &Answer { status: 207, ..kept.clone() }).len(), 1);
}
