//! Made-up rows that pass their contracts without a finding.

use serde_json::{Map, Value, json};

/// A row by column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row(Map<String, Value>);

impl Row {
    fn of(value: Value) -> Self {
        let Value::Object(cells) = value else { panic!("a row is an object") };
        Self(cells)
    }

    /// The row with another cell.
    pub(crate) fn with(mut self, column: &str, value: impl Into<Value>) -> Self {
        self.0.insert(column.to_owned(), value.into());
        self
    }

    /// The episode, over.
    pub(crate) fn ended(self, on: &str, reason: &str) -> Self {
        let change = (reason == "X1").then_some("CARPL");
        self.with("episode_end", on).with("reason_ceased", reason).with("reason_place_change", change)
    }

    /// The row as one that deletes its key, in a submission of changes.
    pub(crate) fn deleted(self) -> Self {
        self.with("_op", "delete")
    }

    fn cell(&self, column: &str) -> String {
        match self.0.get(column) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }
}

/// A child fostered in Lewisham since `start`.
pub(crate) fn episode(child: &str, start: &str) -> Row {
    Row::of(json!({
        "child_ref": format!("made_up_child_{child:0>12}"), "episode_start": start, "birth_month": "2012-09", "sex": "F",
        "ethnicity": "WBRI", "uasc": false, "reason_new_episode": "S", "legal_status": "C2", "category_of_need": "N1",
        "placement_type": "U6", "placement_provider": "PR1", "placement_la": super::LEWISHAM, "urn": "SC012345",
        "distance_miles": 4.2,
    }))
}

/// A child placed in a children's home in `host` since `start`, as planned.
pub(crate) fn away(child: &str, start: &str, host: &str) -> Row {
    episode(child, start)
        .with("placement_type", "K2")
        .with("placement_provider", "PR4")
        .with("placement_la", host)
        .with("distance_miles", 31.8)
        .with("urn", "1234568")
        .with("setting_ref", "st-1")
        .with("route", "framework")
        .with("framework_ref", "SLCP-2023")
        .with("distance_reason", "not_available")
        .with("registration", "registered")
        .with("provision", "childrens_home")
        .with("planned", true)
        .with("emergency", false)
        .with("approver_role", "director")
        .with("approved_on", start)
}

/// A home's notice that it admitted the child of [`away`]: filed by its host.
pub(crate) fn admission(reference: &str, start: &str) -> Row {
    Row::of(json!({
        "admission_ref": reference, "urn": "1234568", "setting_ref": "st-1", "notified_under": "reg_41",
        "placing_la": super::LEWISHAM, "birth_month": "2012-09", "sex": "F", "admitted_on": start, "notified_on": start,
    }))
}

/// A foster household with two free places.
pub(crate) fn home(setting: &str) -> Row {
    Row::of(json!({
        "urn": "1234567", "setting_ref": setting, "provider_name": "Harbour Care", "provision": "foster_household",
        "sector": "private", "host_la": super::LEWISHAM, "outcode": "SE13", "approved_places": 3, "occupied_places": 1,
        "available_places": 2, "held_places": 0, "closed_places": 0, "age_min": 0, "age_max": 17, "sex_accepted": "any",
        "confirmed_at": "2026-07-20T16:05:00Z",
    }))
}

/// An open search for a foster home.
pub(crate) fn search(reference: &str) -> Row {
    Row::of(json!({
        "search_ref": reference, "child_ref": format!("made_up_child_{reference:0>12}"), "opened_on": "2026-07-01",
        "provision_sought": ["foster_household"], "age": 11, "sex": "F",
    }))
}

/// A quality visit to a home.
pub(crate) fn visit(reference: &str, setting: &str) -> Row {
    Row::of(json!({
        "event_ref": reference, "urn": "1234567", "setting_ref": setting, "kind": "visit", "occurred_on": "2026-07-02",
        "source": "borough_qa", "overall": "good", "score_safety": 3,
    }))
}

/// One row to a line.
pub(crate) fn ndjson(rows: &[Row]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| Value::Object(row.0.clone()).to_string()).collect();
    lines.join("\n")
}

/// The rows under the headings of the first.
pub(crate) fn csv(rows: &[Row]) -> String {
    let columns: Vec<&str> = rows[0].0.keys().map(String::as_str).collect();
    let mut text = columns.join(",") + "\n";
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|column| row.cell(column)).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}
