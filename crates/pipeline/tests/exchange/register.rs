//! The register by day and by day of knowledge, from either side.

use hub_notices::register::Entry;
use hub_notices::{ClockStatus, EventKind};
use hub_pipeline::notices::{self, Answer};
use hub_pipeline::register::{self, Asked, Page, Side};

use crate::ladder::{emergency, give, home, placed};
use crate::rig::{CROYDON, KENT, LEWISHAM, Rig, at, away, code, day, on};

/// What the register says: since when and until when, who has given notice, how far the host has got, how the clock stands.
async fn lines(rig: &Rig, side: Side, asked: Asked) -> Vec<String> {
    let line = |entry: &Entry| {
        let until = entry.until.map(|day| format!("..{day}")).unwrap_or_default();
        let clock = entry.clock.as_ref().map_or("none", |clock| clock.status.as_str());
        format!("{}{until} {} {} {clock}", entry.since, entry.standing, entry.state)
    };
    register::whole(&rig.hub, side, asked).await.unwrap().iter().map(line).collect()
}

fn known(as_of: &str, known_on: &str) -> Asked {
    Asked { as_of: day(as_of), known_on: Some(day(known_on)) }
}

hub_testdb::on_both! {
    async fn the_register_says_who_was_there_on_any_day_from_either_side(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one"), away("two", "2026-07-06", KENT), away("three", "2026-07-06", CROYDON)]).await;
        give(&rig, "one", &[]).await;
        rig.clock.set(at("2026-09-10T03:00:00Z"));
        let gone = away("two", "2026-07-06", KENT).ended("2026-09-07", "E8");
        let rows = home(vec![emergency("one"), gone, away("three", "2026-07-06", CROYDON)]);
        rig.apply(&on("2026-09-09", &rows)).await;
        let lines = async |side, as_of: &str| {
            let found = register::whole(&rig.hub, side, Asked::of(day(as_of))).await.unwrap();
            found.iter().map(|entry| format!("{} {}", entry.since, entry.standing)).collect::<Vec<_>>()
        };
        let (kent, lewisham) = (Side::Hosted(code(KENT)), Side::Placed(code(LEWISHAM)));
        let (one, two) = ("2026-08-24 stated", "2026-07-06 presumed_missing");
        assert_eq!(lines(kent, "2026-09-10").await, [one]);
        assert_eq!(lines(kent, "2026-09-06").await, [one, two], "who left on the seventh was there on the sixth");
        assert_eq!(lines(kent, "2026-09-07").await, [one]);
        assert_eq!(lines(kent, "2026-08-23").await, [two]);
        assert_eq!(lines(kent, "2026-07-05").await, Vec::<String>::new());
        assert_eq!(lines(lewisham, "2026-09-06").await, [one, two, two], "Croydon's too");
        assert_eq!(lines(Side::Hosted(code(LEWISHAM)), "2026-09-06").await, Vec::<String>::new());
        // Page by page it is the same.
        let mut paged = Vec::new();
        let mut before = None;
        loop {
            let (asked, page) = (Asked::of(day("2026-09-06")), Page { before, limit: 1 });
            let Some(entry) = register::page(&rig.hub, lewisham, asked, page).await.unwrap().pop() else { break };
            before = Some((entry.since, entry.notice));
            paged.push(entry.notice);
        }
        let whole = register::whole(&rig.hub, lewisham, Asked::of(day("2026-09-06"))).await.unwrap();
        assert_eq!(paged, whole.iter().map(|entry| entry.notice).collect::<Vec<_>>());
        let clock = whole[0].clock.clone().unwrap();
        assert_eq!(clock.status, ClockStatus::Met);
        assert_eq!(whole[1].clock.clone().unwrap().status, ClockStatus::Overdue);
    }

    async fn a_child_whose_area_passes_on_is_in_one_area_on_any_day(db: TestDb) {
        let rig = Rig::over(db).await;
        let (surrey, heir) = ("E10000030", "X06000001");
        rig.clock.set(at("2026-12-02T03:00:00Z"));
        rig.apply(&on("2026-12-01", &home(vec![away("one", "2026-11-20", surrey)]))).await;
        rig.clock.set(at("2027-04-03T03:00:00Z"));
        rig.apply(&on("2027-04-02", &home(vec![away("one", "2026-11-20", heir)]))).await;
        let hosts = async |side, as_of: &str| {
            let found = register::whole(&rig.hub, side, Asked::of(day(as_of))).await.unwrap();
            found.iter().map(|entry| format!("{} {}", entry.host.code, entry.since)).collect::<Vec<_>>()
        };
        let placed = Side::Placed(code(LEWISHAM));
        let (before, since) = (format!("{surrey} 2026-11-20"), format!("{heir} 2027-04-01"));
        assert_eq!(hosts(placed, "2027-01-15").await, [before.as_str()]);
        assert_eq!(hosts(placed, "2027-03-31").await, [before.as_str()]);
        assert_eq!(hosts(placed, "2027-04-01").await, [since.as_str()]);
        assert_eq!(hosts(Side::Hosted(code(heir)), "2027-01-15").await, Vec::<String>::new());
        assert_eq!(hosts(Side::Hosted(code(heir)), "2027-04-02").await, [since]);
        assert_eq!(hosts(Side::Hosted(code(surrey)), "2027-01-15").await, [before]);
    }

    async fn what_was_known_on_a_past_day_stays_to_be_asked_for_from_either_side(db: TestDb) {
        let rig = Rig::over(db).await;
        let (kent, lewisham) = (Side::Hosted(code(KENT)), Side::Placed(code(LEWISHAM)));
        // Shown on 25 August; twice changed on the 27th; the end, on the 31st, is shown on 2 September.
        placed(&rig, vec![emergency("one")]).await;
        rig.clock.set(at("2026-08-27T10:00:00Z"));
        give(&rig, "one", &[]).await;
        let id = register::whole(&rig.hub, kent, Asked::of(day("2026-08-27"))).await.unwrap()[0].notice;
        let said = Answer { host: code(KENT), client: "kent".into(), kind: EventKind::Acknowledged, note: None, reason: None };
        rig.clock.set(at("2026-08-27T15:00:00Z"));
        notices::answer(&rig.hub, id, &said).await.unwrap();
        rig.clock.set(at("2026-09-02T02:00:00Z"));
        rig.apply(&on("2026-09-01", &home(vec![emergency("one").ended("2026-08-31", "E8")]))).await;

        let first = ["2026-08-24 presumed_missing raised running"];
        let second = ["2026-08-24 stated acknowledged met"];
        let third = ["2026-08-24..2026-08-31 stated ended met"];
        for side in [kent, lewisham] {
            let on = async |as_of, known_on| lines(&rig, side, known(as_of, known_on)).await;
            let nobody: [&str; 0] = [];
            assert_eq!(on("2026-08-24", "2026-08-24").await, nobody, "nobody knew on the day itself");
            assert_eq!(on("2026-08-24", "2026-08-25").await, first);
            assert_eq!(on("2026-08-26", "2026-08-26").await, first, "nothing came that day");
            assert_eq!(on("2026-08-27", "2026-08-27").await, second, "as the day left it, not as it passed through");
            assert_eq!(on("2026-09-01", "2026-09-01").await, second, "they had gone, and nobody knew");
            assert_eq!(on("2026-09-01", "2026-09-02").await, nobody);
            assert_eq!(on("2026-08-30", "2026-09-02").await, third);
            assert_eq!(lines(&rig, side, Asked::of(day("2026-08-30"))).await, third, "today's knowledge is the last");
        }
        assert_eq!(lines(&rig, Side::Hosted(code(CROYDON)), known("2026-08-30", "2026-09-01")).await.len(), 0);
    }

    async fn a_clock_is_read_as_it_stood_on_the_day_of_knowledge(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        rig.clock.set(at("2026-09-20T09:00:00Z"));
        // Nothing was written since, and yet what was running then is overdue now: due by the end of 1 September.
        let kent = Side::Hosted(code(KENT));
        let clock = async |known_on: &str| lines(&rig, kent, known("2026-08-25", known_on)).await.remove(0);
        assert_eq!(clock("2026-09-01").await, "2026-08-24 presumed_missing raised running", "to the last moment");
        assert_eq!(clock("2026-09-02").await, "2026-08-24 presumed_missing raised overdue");
        assert_eq!(clock("2026-09-20").await, "2026-08-24 presumed_missing raised overdue", "today is not over");
    }
}
