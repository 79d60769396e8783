//! The nightly reconciliation over what boroughs and hosts really sent.

use hub_domain::Dataset;
use hub_notices::reconcile::{Discrepancy, DiscrepancyKind, Side};
use hub_notices::{Notice, NoticeState, Standing, WithdrawalReason};
use hub_pipeline::reconcile::{READY, Reconciliation};
use hub_pipeline::{jobs, reconcile};
use hub_store::job::{self, NewJob};
use hub_store::notice::{self, Filter as NoticeFilter};
use hub_store::reconciliation::{self, Filter, Kept, Night};
use hub_store::{event, submission};

use crate::rig::{CROYDON, KENT, LEWISHAM, Rig, Row, admission, at, away, code, day, episode, on};

/// Half past six in the morning in London, in summer: night after night.
async fn morning(rig: &Rig, date: &str) -> Reconciliation {
    let half_past_six = at(&format!("{date}T05:30:00Z"));
    rig.clock.set(half_past_six);
    reconcile::run(&rig.hub).await.unwrap()
}

const STANDING: Filter = Filter {
    side: Side::Host,
    night: Night::Latest,
    standing: true,
    cleared: false,
    kind: None,
    before: None,
    limit: 100,
};

async fn kept(rig: &Rig, authority: &str, filter: Filter) -> Vec<Kept> {
    reconciliation::list(&mut *rig.link().await, code(authority), &filter).await.unwrap()
}

fn read(kept: &Kept) -> Discrepancy {
    serde_json::from_str(&kept.body).unwrap()
}

/// Kinds and fields of what stands for an authority, on one side.
async fn standing(rig: &Rig, authority: &str, side: Side) -> Vec<String> {
    let all = kept(rig, authority, Filter { side, ..STANDING }).await;
    let mut said: Vec<String> = all
        .iter()
        .map(|kept| {
            let found = read(kept);
            let field = found.field.map_or(String::new(), |field| format!(" {field}"));
            format!("{}{field}", found.kind)
        })
        .collect();
    said.sort_unstable();
    said
}

/// The children who stay at home, so that one more or less is not a fifth of the feed.
fn at_home() -> impl Iterator<Item = Row> {
    (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02"))
}

async fn placements(rig: &Rig, as_at: &str, rows: Vec<Row>) {
    rig.apply(&on(as_at, &at_home().chain(rows).collect::<Vec<_>>())).await;
}

/// What a host files: twenty of its own homes' other children first, whom Lewisham did not place.
async fn admissions(rig: &Rig, host: &str, as_at: &str, rows: Vec<Row>) {
    let others = (0..20).map(|n| {
        admission(&format!("own-{n}"), "2026-05-01")
            .with("placing_la", host)
            .with("child_link", format!("a_child_of_the_host_{n}"))
    });
    let rows: Vec<Row> = others.chain(rows).collect();
    rig.apply(&on(as_at, &rows).from(host).of(Dataset::Admissions)).await;
}

/// Every notice of Lewisham's, by start.
async fn notices(rig: &Rig) -> Vec<Notice> {
    let all = NoticeFilter { state: None, open: false, before: None, limit: 100 };
    let rows = notice::sent(&mut *rig.link().await, code(LEWISHAM), &all).await.unwrap();
    let mut notices: Vec<Notice> = rows.iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect();
    notices.sort_by_key(|notice| (notice.start, notice.id));
    notices
}

/// Actor, side and kind of a notice's history.
async fn said_by(rig: &Rig, notice: &Notice) -> Vec<String> {
    let all = notice::events(&mut *rig.link().await, notice.placing, notice.id).await.unwrap();
    all.iter().map(|event| format!("{} {} {}", event.actor, event.side, event.kind)).collect()
}

hub_testdb::on_both! {
    async fn a_placement_that_nobody_gave_notice_of_is_on_both_lists_until_it_is_over(db: TestDb) {
        let rig = Rig::over(db).await;
        placements(&rig, "2026-07-20", vec![away("one", "2026-07-10", KENT)]).await;
        admissions(&rig, KENT, "2026-07-20", vec![admission("ad-1", "2026-07-10")]).await;
        let first = morning(&rig, "2026-07-21").await;
        assert_eq!((first.stays, first.admissions, first.agreed), (1, 21, 0));
        assert_eq!(standing(&rig, LEWISHAM, Side::Placing).await, ["missing_notice"]);
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["missing_notice"]);
        assert!(standing(&rig, CROYDON, Side::Host).await.is_empty() && standing(&rig, KENT, Side::Placing).await.is_empty());
        let shell = notices(&rig).await.remove(0);
        assert_eq!((shell.standing(), shell.admission.map(|told| told.on)), (Standing::PresumedMissing, Some(day("2026-07-10"))));
        assert_eq!(said_by(&rig, &notices(&rig).await[0]).await, ["feed hub raised"], "opened by the hub for the feed");
        let found = read(&kept(&rig, KENT, STANDING).await[0]);
        assert_eq!((found.notice, found.since), (Some(shell.id), day("2026-07-10")));
        // The child never was in Kent.
        placements(&rig, "2026-07-21", vec![]).await;
        admissions(&rig, KENT, "2026-07-21", vec![]).await;
        morning(&rig, "2026-07-22").await;
        assert!(standing(&rig, KENT, Side::Host).await.is_empty());
        let over = kept(&rig, KENT, Filter { standing: false, cleared: true, ..STANDING }).await;
        let seen = |day: &str| at(&format!("{day}T05:30:00Z"));
        assert_eq!((over[0].first_seen, over[0].last_seen, over[0].seen_to), (seen("2026-07-21"), Some(seen("2026-07-21")), Some(seen("2026-07-22"))));
        let before = kept(&rig, KENT, Filter { night: Night::Run(seen("2026-07-21")), ..STANDING }).await;
        assert_eq!(before.len(), 1, "an old night is as it was");
    }

    async fn a_home_that_speaks_alone_opens_a_notice_that_both_sides_see_until_something_else_speaks(db: TestDb) {
        let rig = Rig::over(db).await;
        placements(&rig, "2026-07-20", vec![]).await;
        admissions(&rig, KENT, "2026-07-20", vec![admission("ad-1", "2026-07-18")]).await;
        morning(&rig, "2026-07-21").await;
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["provider_only"]);
        assert_eq!(standing(&rig, LEWISHAM, Side::Placing).await, ["provider_only"]);
        let shell = notices(&rig).await.remove(0);
        assert_eq!((shell.standing(), shell.state, shell.issued), (Standing::ProviderOnly, NoticeState::Raised, true));
        assert_eq!(said_by(&rig, &shell).await, ["reconciliation hub raised"], "Lewisham raised nothing");
        let found = read(&kept(&rig, KENT, STANDING).await[0]);
        assert_eq!(found.notice, Some(shell.id), "the list points at it");
        let seen = notice::find_for_host(&mut *rig.link().await, code(KENT), shell.id).await.unwrap();
        assert!(seen.is_some(), "the host sees it");
        // Another night changes nothing.
        assert_eq!(morning(&rig, "2026-07-22").await.notices_changed, 0);
        // The episode comes: it is joined, and the home's own notice is taken back.
        placements(&rig, "2026-07-22", vec![away("one", "2026-07-18", KENT)]).await;
        morning(&rig, "2026-07-23").await;
        let all = notices(&rig).await;
        let (shell, real): (Vec<_>, Vec<_>) = all.into_iter().partition(|notice| notice.id == shell.id);
        assert_eq!((shell[0].state, shell[0].withdrawn_because), (NoticeState::Withdrawn, Some(WithdrawalReason::Duplicate)));
        assert_eq!(real[0].admission.as_ref().map(|told| told.on), Some(day("2026-07-18")));
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["missing_notice"]);
        assert_eq!(morning(&rig, "2026-07-24").await.notices_changed, 0, "and nothing is done twice");
    }

    /// A short break is no stay and owes nobody a notice: neither a missing episode nor a shell is made of it.
    async fn a_short_break_is_listed_as_one_and_opens_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        let agreed = |child: &str| {
            episode(child, "2026-03-02").with("legal_status", "V4").with("category_of_need", "N2")
                .with("placement_type", "K2").with("placement_provider", "PR4")
                .with("placement_la", ()).with("urn", ()).with("distance_miles", ())
        };
        placements(&rig, "2026-07-20", vec![agreed("one").with("setting_ref", "st-1")]).await;
        admissions(&rig, KENT, "2026-07-20", vec![admission("ad-1", "2026-07-18")]).await;
        morning(&rig, "2026-07-21").await;
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["short_break"]);
        assert_eq!(standing(&rig, LEWISHAM, Side::Placing).await, ["short_break"]);
        assert!(notices(&rig).await.is_empty());
        // The return mostly does not say where: then nothing is hidden, but the home's own word counts.
        placements(&rig, "2026-07-21", vec![agreed("one")]).await;
        morning(&rig, "2026-07-22").await;
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["provider_only"]);
        assert_eq!(notices(&rig).await[0].standing(), Standing::ProviderOnly);
        admissions(&rig, KENT, "2026-07-22", vec![admission("ad-1", "2026-07-18").with("short_break", true)]).await;
        morning(&rig, "2026-07-23").await;
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["short_break"]);
        let shell = notices(&rig).await.remove(0);
        assert_eq!((shell.state, shell.withdrawn_because), (NoticeState::Withdrawn, Some(WithdrawalReason::ShortBreak)));
    }

    async fn an_admission_that_is_taken_back_takes_its_notice_with_it(db: TestDb) {
        let rig = Rig::over(db).await;
        admissions(&rig, KENT, "2026-07-20", vec![admission("ad-1", "2026-07-18"), admission("ad-2", "2026-07-01").with("birth_month", "2010-01")]).await;
        morning(&rig, "2026-07-21").await;
        assert_eq!(notices(&rig).await.len(), 2);
        let left = admission("ad-2", "2026-07-01").with("birth_month", "2010-01").with("discharged_on", "2026-07-21");
        admissions(&rig, KENT, "2026-07-21", vec![left]).await;
        morning(&rig, "2026-07-22").await;
        let all = notices(&rig).await;
        assert_eq!((all[0].state, all[0].ending.as_ref().map(|ending| ending.on)), (NoticeState::Ended, Some(day("2026-07-21"))));
        assert_eq!((all[1].state, all[1].withdrawn_because), (NoticeState::Withdrawn, Some(WithdrawalReason::NotReported)));
    }

    async fn a_home_that_names_no_placing_authority_is_the_hosts_alone(db: TestDb) {
        let rig = Rig::over(db).await;
        admissions(&rig, KENT, "2026-07-20", vec![admission("ad-1", "2026-07-18").with("placing_la", ())]).await;
        morning(&rig, "2026-07-21").await;
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["provider_only"]);
        assert!(standing(&rig, LEWISHAM, Side::Placing).await.is_empty() && notices(&rig).await.is_empty());
    }

    async fn a_home_that_says_nothing_is_asked(db: TestDb) {
        let rig = Rig::over(db).await;
        // Kent files from June on.
        rig.apply(&on("2026-06-01", &[]).from(KENT).of(Dataset::Admissions)).await;
        placements(&rig, "2026-07-20", vec![away("one", "2026-07-10", KENT)]).await;
        admissions(&rig, KENT, "2026-07-20", vec![]).await;
        morning(&rig, "2026-07-21").await;
        assert_eq!(standing(&rig, KENT, Side::Host).await, ["missing_admission", "missing_notice"]);
        let missing = Filter { kind: Some(DiscrepancyKind::MissingAdmission), ..STANDING };
        assert_eq!(kept(&rig, KENT, missing).await.len(), 1);
    }

    async fn every_member_is_told_once_a_night_before_seven(db: TestDb) {
        let rig = Rig::over(db).await;
        let settings = hub_pipeline::Settings::default();
        let plans = jobs::plans(&settings).unwrap();
        let plan = plans.iter().find(|plan| plan.kind == jobs::RECONCILE).unwrap();
        let slot = plan.schedule.next_after(rig.now()).unwrap();
        let in_london = slot.to_zoned(hub_domain::clock::london());
        assert_eq!((in_london.date(), in_london.hour()), (day("2026-07-21"), 6), "before seven in London");
        rig.clock.set(slot);
        let mut tx = rig.hub.store.begin().await.unwrap();
        let new = NewJob {
            authority: hub_domain::AuthorityCode::default(),
            id: rig.hub.ids.next(),
            kind: jobs::RECONCILE.to_owned(),
            payload: "null".to_owned(),
            dedupe: "tonight".to_owned(),
            run_at: rig.now(),
            now: rig.now(),
        };
        assert!(job::enqueue(&mut tx, &new).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(rig.run().await, 1 + 4, "and each member's feed is looked through");
        rig.clock.advance(60);
        reconcile::run(&rig.hub).await.unwrap();
        let events = event::list(&mut *rig.link().await, event::Reader::Operator(None), None, 100).await.unwrap();
        let ready: Vec<_> = events.iter().filter(|event| event.kind == READY).collect();
        assert_eq!(ready.len(), 4, "each member once, however often it is run");
        assert!(ready.iter().all(|event| event.subject == "2026-07-21" && event.data.contains("/v1/reconciliation?")));
        assert_eq!(reconciliation::nights(&mut *rig.link().await, code(KENT), 9).await.unwrap().len(), 2);
    }

    async fn nothing_of_an_admission_is_believed_where_the_home_is_elsewhere(db: TestDb) {
        let rig = Rig::over(db).await;
        let elsewhere = admission("ad-1", "2026-07-18").with("host_la", CROYDON);
        let right = admission("ad-2", "2026-07-18").with("host_la", KENT);
        rig.apply(&on("2026-07-20", &[elsewhere, right]).from(KENT).of(Dataset::Admissions)).await;
        assert_eq!(rig.believed_of(KENT, Dataset::Admissions).await.into_keys().collect::<Vec<_>>(), ["ad-2"]);
        assert!(submission::latest_applied(&mut *rig.link().await, code(KENT), Dataset::Admissions).await.unwrap().is_some());
    }
}
