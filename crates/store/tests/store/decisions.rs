use hub_store::submission::{Counts, Decision, Expect, Verdict, decide};

use super::*;

fn decision(expect: Expect, verdict: Verdict) -> Decision<'static> {
    Decision {
        authority: lewisham(),
        id: id(1),
        expect,
        verdict,
        held_reason: None,
        counts: Counts { opened: 3, ..Counts::default() },
        report: None,
        at: at("2026-11-20T06:00:00Z"),
    }
}

hub_testdb::on_both! {
    async fn is_made_once(db: TestDb) {
        keep(db.store(), &[arrived(lewisham(), 1)]).await;
        let mut tx = db.store().begin().await.unwrap();
        let first = Decision { report: Some(b"words"), ..decision(Expect::Received, Verdict::Accepted) };
        assert!(decide(&mut tx, &first).await.unwrap());
        let second = decision(Expect::Received, Verdict::Rejected);
        assert!(!decide(&mut tx, &second).await.unwrap());
        let kept = submission::find(&mut tx, lewisham(), id(1)).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.verdict, kept.counts), (State::Decided, Some(Verdict::Accepted), Some(first.counts)));
        assert_eq!(kept.decided_at, Some(first.at));
        assert_eq!(submission::report(&mut tx, lewisham(), id(1)).await.unwrap().as_deref(), Some(&b"words"[..]));
    }

    /// Every verdict that one may start from × every expectation.
    async fn holds_only_where_it_expects_to(db: TestDb) {
        let expects = [Expect::Received, Expect::Held, Expect::Applied];
        for (seq, verdict) in (1..).zip([None].into_iter().chain(Verdict::ALL.map(Some))) {
            let state = if verdict.is_some() { State::Decided } else { State::Received };
            keep(db.store(), &[Submission { state, verdict, ..arrived(lewisham(), seq) }]).await;
            let target = id(u64::try_from(seq).unwrap());
            let new = if verdict == Some(Verdict::Rejected) { Verdict::Held } else { Verdict::Rejected };
            let mut holds = Vec::new();
            for expect in expects {
                let mut tx = db.store().begin().await.unwrap();
                holds.push(decide(&mut tx, &Decision { id: target, ..decision(expect, new) }).await.unwrap());
            }
            let applied = verdict.is_some_and(Verdict::is_applied);
            assert_eq!(holds, [verdict.is_none(), verdict == Some(Verdict::Held), applied], "{verdict:?}");
        }
    }

    async fn is_not_made_for_another_authority(db: TestDb) {
        keep(db.store(), &[arrived(lewisham(), 1)]).await;
        let mut tx = db.store().begin().await.unwrap();
        let theirs = Decision { authority: croydon(), ..decision(Expect::Received, Verdict::Accepted) };
        assert!(!decide(&mut tx, &theirs).await.unwrap());
    }

    async fn keeps_the_report_that_is_there_and_the_reason(db: TestDb) {
        keep(db.store(), &[arrived(lewisham(), 1)]).await;
        let mut tx = db.store().begin().await.unwrap();
        let held = Decision {
            held_reason: Some("a third fewer rows".to_owned()),
            report: Some(b"report"),
            ..decision(Expect::Received, Verdict::Held)
        };
        assert!(decide(&mut tx, &held).await.unwrap());
        let kept = submission::find(&mut tx, lewisham(), id(1)).await.unwrap().unwrap();
        assert_eq!(kept.held_reason.as_deref(), Some("a third fewer rows"));
        assert!(decide(&mut tx, &decision(Expect::Held, Verdict::Accepted)).await.unwrap());
        assert!(decide(&mut tx, &decision(Expect::Applied, Verdict::Withdrawn)).await.unwrap());
        assert!(!decide(&mut tx, &decision(Expect::Applied, Verdict::Withdrawn)).await.unwrap());
        assert_eq!(submission::report(&mut tx, lewisham(), id(1)).await.unwrap().as_deref(), Some(&b"report"[..]));
    }

    /// Two replicas decide the same submission at once: one does.
    async fn is_made_by_one_of_many(db: TestDb) {
        keep(db.store(), &[arrived(lewisham(), 1)]).await;
        let other = db.reopen(4).await;
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let store = if n % 2 == 0 { db.store().clone() } else { other.clone() };
                tokio::spawn(async move {
                    let mut tx = store.begin().await.unwrap();
                    let made = decide(&mut tx, &decision(Expect::Received, Verdict::Accepted)).await.unwrap();
                    tx.commit().await.unwrap();
                    made
                })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            made += u32::from(task.await.unwrap());
        }
        assert_eq!(made, 1);
    }

    async fn applied_submissions_come_by_business_date_then_number(db: TestDb) {
        let on = |seq, as_at, verdict| Submission { as_at: day(as_at), verdict, ..arrived(lewisham(), seq) };
        keep(
            db.store(),
            &[
                on(1, "2026-11-20", Some(Verdict::Accepted)),
                on(2, "2026-11-18", Some(Verdict::AcceptedWithFindings)),
                on(3, "2026-11-20", Some(Verdict::Superseded)),
                on(4, "2026-11-21", Some(Verdict::Withdrawn)),
                on(5, "2026-11-21", Some(Verdict::Rejected)),
                on(6, "2026-11-21", Some(Verdict::Held)),
                on(7, "2026-11-21", None),
            ],
        )
        .await;
        let mut link = db.store().read().await.unwrap();
        let applied = submission::applied(&mut link, lewisham(), Dataset::Placements).await.unwrap();
        assert_eq!(applied.iter().map(|one| one.seq).collect::<Vec<_>>(), [2, 1, 3]);
        let latest = submission::latest_applied(&mut link, lewisham(), Dataset::Placements).await.unwrap();
        assert_eq!(latest.map(|one| one.seq), Some(3));
        let last = submission::last_received(&mut link, lewisham(), Dataset::Placements).await.unwrap();
        assert_eq!(last.map(|one| one.seq), Some(7));
        assert_eq!(submission::latest_applied(&mut link, lewisham(), Dataset::Quality).await.unwrap(), None);
    }

    async fn waits_for_an_undecided_one_before_it(db: TestDb) {
        let held = Submission { state: State::Decided, verdict: Some(Verdict::Held), ..arrived(lewisham(), 1) };
        let waiting = arrived(lewisham(), 2);
        let last = arrived(lewisham(), 3);
        let quality = Submission { dataset: Dataset::Quality, ..arrived(lewisham(), 4) };
        keep(db.store(), &[held, waiting.clone(), last.clone(), quality.clone()]).await;
        let mut link = db.store().read().await.unwrap();
        assert!(!submission::has_undecided_before(&mut link, &waiting).await.unwrap());
        assert!(submission::has_undecided_before(&mut link, &last).await.unwrap());
        assert!(!submission::has_undecided_before(&mut link, &quality).await.unwrap());
    }

    /// Full covers all of its day; a window covers the windows inside it; changes cover nothing; nothing covers another day.
    async fn supersedes_what_it_covers(db: TestDb) {
        let accepted = |seq, mode, covers_from: Option<&str>| Submission {
            mode,
            covers_from: covers_from.map(day),
            verdict: Some(Verdict::Accepted),
            ..arrived(lewisham(), seq)
        };
        let kept = [
            accepted(1, Mode::Full, None),
            accepted(2, Mode::Window, Some("2026-04-01")),
            accepted(3, Mode::Window, Some("2025-04-01")),
            accepted(4, Mode::Changes, None),
            Submission { as_at: day("2026-11-19"), ..accepted(5, Mode::Full, None) },
            Submission { authority: croydon(), ..accepted(6, Mode::Full, None) },
            Submission { verdict: Some(Verdict::Held), ..accepted(7, Mode::Full, None) },
        ];
        keep(db.store(), &kept).await;
        let by = |mode, covers_from: Option<&str>| accepted(9, mode, covers_from);
        for (by, expected) in [
            (by(Mode::Changes, None), vec![]),
            (by(Mode::Window, Some("2026-01-01")), vec![2]),
            (by(Mode::Full, None), vec![1, 2, 3, 4]),
            (Submission { seq: 2, ..by(Mode::Full, None) }, vec![1]),
        ] {
            let mut tx = db.store().begin().await.unwrap();
            let marked = submission::supersede(&mut tx, &by, at("2026-11-20T06:00:00Z")).await.unwrap();
            let mut found = Vec::new();
            for one in &kept {
                let now = submission::find(&mut tx, one.authority, one.id).await.unwrap().unwrap();
                if now.verdict == Some(Verdict::Superseded) {
                    found.push(one.seq);
                }
            }
            assert_eq!((marked, &found), (expected.len() as u64, &expected), "{:?} {}", by.mode, by.seq);
        }
    }
}
