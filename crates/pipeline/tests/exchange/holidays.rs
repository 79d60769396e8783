//! Bank holidays proclaimed late: the due dates of notices that wait move with them, once, and say why.

use hub_domain::Timestamp;
use hub_jobs::Sweeper;
use hub_notices::{EventKind, Step, reschedule};
use hub_pipeline::holidays::{self, ProclaimRefusal, Proclamation};
use hub_pipeline::notices::{self, Known};
use hub_pipeline::{Settings, jobs, ladder};
use hub_store::endpoint::Scheme;
use hub_store::event::{self, Reader};
use hub_store::holiday::{self, Said};
use hub_store::notice::Filter;

use crate::ladder::{emergency, give, home, placed};
use crate::rig::{KENT, LEWISHAM, Rig, at, code, day, on};

/// Due before the proclamation: by the end of Tuesday 1 September 2026.
const BEFORE: &str = "2026-09-01T23:00:00Z";
/// And after it.
const AFTER: &str = "2026-09-02T23:00:00Z";

fn said(days: &[&str], are_holidays: bool) -> Proclamation {
    Proclamation { days: days.iter().map(|text| day(text)).collect(), are_holidays, name: " Made up ".to_owned() }
}

async fn known(rig: &Rig, child: &str) -> Known {
    let all = Filter { state: None, open: false, before: None, limit: 100 };
    let sent = notices::sent(&rig.hub, code(LEWISHAM), &all).await.unwrap();
    let id = sent.iter().find(|known| known.notice.child_ref.ends_with(child)).unwrap().notice.id;
    notices::find(&rig.hub, code(LEWISHAM), id).await.unwrap().unwrap()
}

async fn due(rig: &Rig, child: &str) -> Timestamp {
    known(rig, child).await.notice.deadline.unwrap().due_at
}

/// What the history of a notice keeps of each move.
async fn moves(rig: &Rig, child: &str) -> Vec<String> {
    let events = known(rig, child).await.events;
    events.into_iter().filter(|event| event.kind == EventKind::Rescheduled).map(|event| event.detail).collect()
}

/// Notices that wait by a date which the calendar no longer gives.
async fn stale(rig: &Rig) -> usize {
    holidays::refresh(&rig.hub).await.unwrap();
    let all = Filter { state: None, open: false, before: None, limit: 100 };
    let sent = notices::sent(&rig.hub, code(LEWISHAM), &all).await.unwrap();
    let (calendar, rules) = (rig.hub.calendar(), hub_notices::Rules::default());
    sent.iter().filter(|known| reschedule(&known.notice, &calendar, &rules, &[]).is_some()).count()
}

async fn told(rig: &Rig, reader: Reader) -> usize {
    let all = event::list(&mut *rig.link().await, reader, None, 1_000).await.unwrap();
    all.iter().filter(|event| event.kind == holidays::MOVED).count()
}

/// One waits, two was given in time, three has ended and nobody told of either.
async fn three(rig: &Rig) {
    placed(rig, vec![emergency("one"), emergency("two"), emergency("three")]).await;
    give(rig, "two", &[]).await;
    let over = emergency("three").ended("2026-08-25", "E8");
    rig.clock.set(at("2026-08-28T02:00:00Z"));
    rig.apply(&on("2026-08-27", &home(vec![emergency("one"), emergency("two"), over]))).await;
}

hub_testdb::on_both! {
    async fn a_holiday_proclaimed_late_moves_what_waits_once_and_says_why(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        three(&rig).await;
        rig.deliver().await;
        kent.posts.take();
        assert_eq!((due(&rig, "one").await, due(&rig, "two").await), (at(BEFORE), at(BEFORE)));
        let new = holidays::proclaim(&rig.hub, &said(&["2026-09-01", "2026-09-01"], true)).await.unwrap();
        assert_eq!(new, [day("2026-09-01")]);
        assert_eq!(stale(&rig).await, 2, "the planted fault: until the job has run, two wait by the wrong date");
        rig.run().await;
        assert_eq!(stale(&rig).await, 0);
        assert_eq!((due(&rig, "one").await, due(&rig, "two").await), (at(AFTER), at(BEFORE)), "what was met is settled");
        let one = r#"{"clock":"emergency","due_at":"2026-09-02T23:00:00Z","holidays":["2026-09-01"],"was_due_at":"2026-09-01T23:00:00Z"}"#;
        let end = r#"{"clock":"ending","due_at":"2026-09-10T23:00:00Z","holidays":["2026-09-01"],"was_due_at":"2026-09-09T23:00:00Z"}"#;
        assert_eq!(moves(&rig, "one").await, [format!(r#"{{"moved":[{one}]}}"#)]);
        assert_eq!(moves(&rig, "two").await, Vec::<String>::new());
        assert_eq!(moves(&rig, "three").await, [format!(r#"{{"moved":[{one},{end}]}}"#)]);
        // Both sides hear of each, and the host's system is sent the new date.
        assert_eq!((told(&rig, Reader::Sender(code(LEWISHAM))).await, told(&rig, Reader::Host(code(KENT))).await), (2, 2));
        rig.deliver().await;
        let posts = kent.posts.take();
        assert_eq!(posts.len(), 2);
        for post in posts.iter().map(crate::rig::Post::event) {
            assert_eq!(post["type"], "uk.sufficiencyhub.notice.rescheduled.v1");
            assert_eq!((&post["data"]["due"]["at"], &post["data"]["moved"][0]["due_at"]), (&AFTER.into(), &AFTER.into()));
        }
        // Again, here and on another replica: nothing.
        let (other, _) = rig.replica().await;
        let again = (holidays::follow(&rig.hub).await.unwrap(), holidays::follow(&other).await.unwrap());
        assert_eq!(again, (0, 0));
        assert_eq!(holidays::proclaim(&rig.hub, &said(&["2026-09-01"], true)).await.unwrap(), []);
        rig.run().await;
        assert_eq!(moves(&rig, "one").await.len(), 1);
    }

    async fn the_ladder_goes_by_the_date_that_moved(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        holidays::proclaim(&rig.hub, &said(&["2026-09-01"], true)).await.unwrap();
        rig.run().await;
        for (step, quiet, heard) in [
            (Step::Overdue, "2026-09-02T05:45:00Z", "2026-09-03T05:45:00Z"),
            (Step::Director, "2026-09-03T05:45:00Z", "2026-09-04T05:45:00Z"),
            (Step::Counted, "2026-09-08T05:45:00Z", "2026-09-09T05:45:00Z"),
        ] {
            rig.clock.set(at(quiet));
            assert_eq!(ladder::run(&rig.hub, step, None).await.unwrap(), 0, "{step} by the date before");
            rig.clock.set(at(heard));
            assert_eq!(ladder::run(&rig.hub, step, None).await.unwrap(), 1, "{step} by the date after");
        }
    }

    async fn what_nobody_asked_for_is_moved_by_the_night(db: TestDb) {
        let rig = Rig::over(db).await;
        three(&rig).await;
        let plans = jobs::plans(&Settings::default()).unwrap();
        let plans: Vec<_> = plans.into_iter().filter(|plan| plan.kind == jobs::FOLLOW).collect();
        assert_eq!(plans.len(), 1);
        let hub = &rig.hub;
        let sweeper = Sweeper::new(hub.store.clone(), hub.clock.clone(), hub.ids.clone(), hub.pulse.jobs.clone(), plans);
        sweeper.register().await.unwrap();
        // As after a file of holidays has changed, or a process died between keeping the day and moving the dates.
        let mut tx = rig.hub.store.begin().await.unwrap();
        let word = Said { day: day("2026-09-01"), is_holiday: true, name: String::new(), said_at: rig.now() };
        holiday::say(&mut tx, &word).await.unwrap();
        tx.commit().await.unwrap();
        rig.clock.set(at("2026-08-28T04:44:00Z"));
        sweeper.sweep().await.unwrap();
        rig.run().await;
        assert_eq!(stale(&rig).await, 2);
        rig.clock.set(at("2026-08-28T04:46:00Z"));
        sweeper.sweep().await.unwrap();
        rig.run().await;
        assert_eq!((stale(&rig).await, due(&rig, "one").await), (0, at(AFTER)));
    }

    async fn a_day_taken_back_moves_it_back_and_a_feed_leaves_it_there(db: TestDb) {
        let rig = Rig::over(db).await;
        three(&rig).await;
        for (are_holidays, one) in [(true, AFTER), (false, BEFORE), (true, AFTER)] {
            holidays::proclaim(&rig.hub, &said(&["2026-09-01"], are_holidays)).await.unwrap();
            rig.run().await;
            assert_eq!((due(&rig, "one").await, due(&rig, "two").await), (at(one), at(BEFORE)));
        }
        assert_eq!(moves(&rig, "one").await.len(), 3);
        let all = holidays::all(&rig.hub).await.unwrap();
        let word = all.iter().find(|one| one.day == day("2026-09-01")).unwrap();
        assert_eq!((word.is_holiday, word.known, word.name.as_str()), (true, false, "Made up"));
        // The feed speaks of all three again, and of something else.
        rig.clock.set(at("2026-08-29T02:00:00Z"));
        let again = ["one", "two"].map(|child| emergency(child).with("solo", true));
        let over = emergency("three").ended("2026-08-25", "E8").with("solo", true);
        rig.apply(&on("2026-08-28", &home(again.into_iter().chain([over]).collect()))).await;
        assert_eq!((due(&rig, "one").await, due(&rig, "two").await), (at(AFTER), at(BEFORE)));
        assert_eq!(moves(&rig, "one").await.len(), 3);
    }

    async fn a_slip_is_refused_and_keeps_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        let refused = async |days: &[&str], are_holidays| holidays::proclaim(&rig.hub, &said(days, are_holidays)).await.unwrap_err();
        assert!(matches!(refused(&["2026-09-01", "2026-09-05"], true).await, ProclaimRefusal::Weekend(_)));
        assert!(matches!(refused(&["2026-09-01"], false).await, ProclaimRefusal::NotAHoliday(_)));
        assert!(matches!(refused(&["2026-05-04"], false).await, ProclaimRefusal::Incomplete(_)));
        assert!(matches!(refused(&["2029-01-01"], true).await, ProclaimRefusal::Incomplete(_)));
        let name = Proclamation { name: "a\nb".to_owned(), ..said(&["2026-09-01"], true) };
        assert!(matches!(holidays::proclaim(&rig.hub, &name).await, Err(ProclaimRefusal::Name)));
        assert_eq!((rig.count("holiday").await, rig.count("job").await), (0, 0));
        // A holiday is moved: its new day first.
        holidays::proclaim(&rig.hub, &said(&["2026-05-08"], true)).await.unwrap();
        holidays::proclaim(&rig.hub, &said(&["2026-05-04"], false)).await.unwrap();
        assert_eq!(rig.hub.calendar().is_working(day("2026-05-04")), Ok(true));
        assert_eq!(rig.hub.calendar().is_working(day("2026-05-08")), Ok(false));
    }
}
