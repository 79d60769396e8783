//! What was held, and is told at last.

use serde_json::json;

use super::*;
use crate::fixture::statement;
use crate::{ClockKind, ClockStatus, Described, Flag, HeldReason, Watched, clocks};
use hub_domain::{AuthorityCode, PlacementClass, Timestamp};

const BEFORE: &str = "2026-06-03T09:00:00Z";
const CARDIFF: &str = "W06000015";

fn said(host: &str) -> Value {
    let mut said = statement("c1", "2026-06-10", "kent");
    said["host"] = json!(host);
    said
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn planned(notice: &Notice, now: &str) -> (ClockStatus, Option<Timestamp>) {
    let all = clocks(notice, at(now), Calendar::england_and_wales(), &Rules::default());
    let clock = all.into_iter().find(|clock| clock.kind == ClockKind::Planned).unwrap();
    (clock.status, clock.given_at)
}

impl Hub {
    fn knows(&mut self, host: &str, said: Described) {
        let host: AuthorityCode = host.parse().unwrap();
        self.rules.extra_hosts.insert(host);
        self.rules.described.insert(host, said);
    }

    /// As [`Hub::night`] with nothing in the feed, and what is told is told at `now`.
    fn released(&mut self, now: &str) -> Vec<NoticeChange> {
        let before = self.notices.clone();
        let mut changes = self.plan(&[]);
        for change in &mut changes {
            change.release(&before, at(now));
            for event in change.events() {
                self.append(event.kind, event.notice);
            }
        }
        assert_eq!(self.plan(&[]), [], "a plan made again is empty");
        changes
    }
}

#[test]
fn what_was_stated_to_a_host_nobody_knew_is_told_once_it_is_known() {
    let mut hub = Hub::new();
    assert_eq!(hub.says(StatementKind::Placement, said(CARDIFF), BEFORE), Ok(EventKind::Held));
    assert_eq!(hub.on("2026-06-18").events(&[]), [""; 0], "nobody knows it yet");
    hub.knows(CARDIFF, Described::default());
    let changes = hub.on("2026-06-18").released("2026-06-18T05:30:00Z");
    let [NoticeChange::Raised(notice)] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((notice.state, notice.issued, notice.version), (NoticeState::Raised, true, 2));
    assert_eq!((notice.held_because, notice.terms.class), (None, PlacementClass::AtADistance));
    assert!(changes[0].events()[0].to_host);
}

#[test]
fn nothing_meets_the_clock_of_what_no_host_could_hear() {
    let mut hub = Hub::new();
    hub.says(StatementKind::Placement, said(CARDIFF), BEFORE).unwrap();
    let now = "2026-06-18T09:00:00Z";
    assert_eq!(planned(hub.only(), now), (ClockStatus::Overdue, None), "given in time, and to nobody");
    assert_eq!(
        Watched::of(hub.only(), sight(at(now), at(BEFORE))).placement.unwrap().came,
        None,
        "and the ladder is climbed"
    );
    hub.knows(CARDIFF, Described::default());
    hub.on("2026-06-17").released("2026-06-17T05:30:00Z");
    assert_eq!(planned(hub.only(), now), (ClockStatus::Late, Some(at("2026-06-17T05:30:00Z"))));
    // Released before the day, it is in time; and so is what is said again to a host that is known by then.
    for again in [false, true] {
        let mut soon = Hub::new();
        soon.says(StatementKind::Placement, said(CARDIFF), BEFORE).unwrap();
        soon.knows(CARDIFF, Described::default());
        if again {
            let more = {
                let mut more = said(CARDIFF);
                more["iro_name"] = json!("P. Okafor");
                more
            };
            assert_eq!(soon.says(StatementKind::Placement, more, "2026-06-04T05:30:00Z"), Ok(EventKind::Raised));
        } else {
            soon.on("2026-06-04").released("2026-06-04T05:30:00Z");
        }
        assert_eq!(planned(soon.only(), now), (ClockStatus::Met, Some(at("2026-06-04T05:30:00Z"))));
    }
}

#[test]
fn a_host_yet_to_come_is_told_on_its_first_day_even_where_the_feed_has_stopped() {
    let mut hub = Hub::new();
    let early = ["c 2027-03-01.. S U6 east-surrey"];
    assert_eq!(hub.on("2027-03-20").events(&early), ["held:east-surrey"]);
    assert_eq!(hub.only().held_because, Some(HeldReason::HostNotInForce));
    hub.rules.judged_on = Some(day("2027-03-31"));
    assert_eq!(hub.events(&early), [""; 0]);
    hub.rules.judged_on = Some(day("2027-04-01"));
    assert_eq!(hub.events(&early), ["registered:east-surrey"]);
}

#[test]
fn an_authority_that_the_operator_described_is_in_being_between_its_days_and_adjoins_whom_it_was_said_to() {
    let days = |from: &str, to: &str| Described { from: Some(day(from)), to: Some(day(to)), adjoins: None };
    let reason = |described: Described| {
        let mut hub = Hub::new();
        hub.knows("E06000099", described);
        hub.on("2026-06-11").night(&["c1 2026-06-10.. S K2 E06000099 #oak"]);
        (hub.only().held_because, hub.only().terms.class, hub.only().flags.clone())
    };
    let gone = Some(HeldReason::HostNotInForce);
    assert_eq!(reason(days("2026-06-12", "2030-01-01")).0, gone);
    assert_eq!(reason(days("2020-01-01", "2026-06-10")).0, gone);
    assert_eq!(reason(days("2020-01-01", "2026-06-11")).0, None);
    let adjoins = |slugs: &[&str]| {
        let adjoins = Some(slugs.iter().map(|slug| code(slug)).collect());
        reason(Described { adjoins, ..Described::default() })
    };
    assert_eq!(adjoins(&["lewisham"]).1, PlacementClass::Adjoining { flagged: false });
    assert_eq!(adjoins(&["bromley"]).1, PlacementClass::AtADistance);
    assert_eq!(adjoins(&[]).1, PlacementClass::AtADistance);
    // Where nobody said, a code of England that the registry lacks may be next door.
    assert_eq!(reason(Described::default()), (None, PlacementClass::Unknown, vec![Flag::ClassUnknown]));
}
