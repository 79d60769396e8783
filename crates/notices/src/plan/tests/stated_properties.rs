//! What holds of statements and feeds in any order.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fixture::statement;
use crate::{Standing, clocks};

/// What is shown of a child, and what is stated of it.
#[derive(Debug, Clone)]
struct Case {
    shown_host: &'static str,
    shown_start: i8,
    stated_host: &'static str,
    stated_start: i8,
    emergency: (bool, bool),
}

fn case() -> impl Strategy<Value = Case> {
    let host = prop::sample::select(vec!["kent", "essex", "bromley", "southwark"]);
    (host.clone(), 8_i8..14, host, 8_i8..14, any::<(bool, bool)>()).prop_map(|parts| Case {
        shown_host: parts.0,
        shown_start: parts.1,
        stated_host: parts.2,
        stated_start: parts.3,
        emergency: parts.4,
    })
}

impl Case {
    fn row(&self) -> PlacementRow {
        let mut row =
            crate::fixture::row(&format!("c1 2026-06-{:02}.. S K2 {} #oak", self.shown_start, self.shown_host));
        row.emergency = Some(self.emergency.0);
        row.planned = Some(!self.emergency.0);
        row
    }

    fn said(&self) -> Value {
        let mut said = statement("c1", &format!("2026-06-{:02}", self.stated_start), self.stated_host);
        said["emergency"] = json!(self.emergency.1);
        said["emergency_reason"] = json!("Found at night.");
        said
    }

    /// The same stay: with one host about the same day, or from the same day.
    fn is_one(&self) -> bool {
        self.shown_start == self.stated_start || self.shown_host == self.stated_host
    }
}

/// What the hub then holds, but for the ids and how it came there.
fn held(hub: &Hub) -> Vec<String> {
    let now = "2026-07-01T09:00:00Z".parse().unwrap();
    let mut all: Vec<_> = hub
        .notices
        .iter()
        .filter(|notice| notice.state.is_live())
        .map(|notice| {
            let clocks = clocks(notice, now, Calendar::england_and_wales(), &Rules::default());
            let (host, start, kind) = (notice.host, notice.start, notice.kind);
            let clocks: Vec<_> = clocks.iter().map(|clock| (clock.kind, clock.due_at, clock.status)).collect();
            format!("{host} {start} {kind} {} {:?} {clocks:?}", notice.standing(), notice.flags)
        })
        .collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_statement_and_a_feed_come_to_the_same_whichever_is_first(case in case()) {
        let at = "2026-06-05T09:00:00Z";
        let mut stated_first = Hub::new();
        stated_first.on("2026-06-15").says(StatementKind::Placement, case.said(), at).unwrap();
        stated_first.night_of(&[case.row()]);
        let mut shown_first = Hub::new();
        shown_first.on("2026-06-15").night_of(&[case.row()]);
        shown_first.says(StatementKind::Placement, case.said(), at).unwrap();
        shown_first.night_of(&[case.row()]);
        prop_assert_eq!(held(&stated_first), held(&shown_first));
        prop_assert_eq!(held(&stated_first).len(), if case.is_one() { 1 } else { 2 });
        let given = |hub: &Hub| hub.notices.iter().filter(|it| it.state.is_live() && it.standing() == Standing::Stated).count();
        prop_assert_eq!(given(&stated_first), 1);
    }

    /// Statements, nights, answers and deliveries in any order: what nobody may see is seen by nobody, what was given
    /// stays given, and versions only grow.
    #[test]
    fn whatever_comes_a_notice_keeps_its_promises(acts in prop::collection::vec(0..13_u8, 1..14)) {
        let mut hub = Hub::new();
        hub.on("2026-06-15");
        let rows = [crate::fixture::row("c1 2026-06-10.. S K2 kent #oak")];
        let said = statement("c1", "2026-06-10", "kent");
        let (mut version, mut given) = (0, None);
        for act in acts {
            let mut members = said.clone();
            let mut say = |hub: &mut Hub, kind, name: &str, value: Value, draft| {
                members[name] = value;
                members["reason_ceased"] = json!("E4A");
                let _ = hub.says_of(kind, members.clone(), "2026-06-20T09:00:00Z", draft);
            };
            let known = !hub.notices.is_empty();
            match act {
                0 => drop(hub.night_of(&rows)),
                1 => drop(hub.night_of(&[])),
                2 => say(&mut hub, StatementKind::Consult, "siblings", json!("none"), false),
                3 => say(&mut hub, StatementKind::Placement, "siblings", json!("none"), false),
                4 => say(&mut hub, StatementKind::Placement, "siblings", json!("split"), true),
                5 if known => say(&mut hub, StatementKind::Change, "siblings", json!("together"), false),
                6 if known => say(&mut hub, StatementKind::IntentionToEnd, "ending_on", json!("2026-07-01"), false),
                7 if known => say(&mut hub, StatementKind::Ended, "ended_on", json!("2026-06-18"), false),
                8 if known => say(&mut hub, StatementKind::Withdraw, "withdrawn_because", json!("other"), false),
                9..=12 if known => {
                    let event = [EventKind::Opened, EventKind::Acknowledged, EventKind::Queried, EventKind::Disputed];
                    let before = hub.notices[0].state;
                    if let Ok(state) = apply(Some(before), Party::Host, event[usize::from(act) - 9]) {
                        prop_assert!(!matches!(before, NoticeState::Held | NoticeState::Draft));
                        hub.notices[0].state = state;
                    }
                }
                _ => {}
            }
            prop_assert!(hub.notices.len() <= 1, "one stay, one notice");
            let Some(notice) = hub.notices.first() else { continue };
            prop_assert!(notice.version >= version);
            version = notice.version;
            prop_assert!(!matches!(notice.state, NoticeState::Held | NoticeState::Draft) || !notice.issued);
            prop_assert!(!notice.state.is_live() || notice.issued);
            prop_assert_eq!(notice.state == NoticeState::Withdrawn, notice.withdrawn_because.is_some());
            prop_assert!(notice.state != NoticeState::Ended || notice.ending.is_some());
            prop_assert!(!notice.state.is_live() || notice.ending.is_none());
            prop_assert!(given.is_none() || notice.given.placement == given || notice.given.placement.is_none());
            prop_assert_eq!(notice.standing() == Standing::Stated, notice.given.placement.is_some());
            given = notice.given.placement;
            let text = serde_json::to_string(notice).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Notice>(&text).unwrap(), notice);
        }
    }
}
