use hub_store::submission::{Content, Counts, Filter, State, Verdict};

use super::*;

hub_testdb::on_both! {
    /// Every field that can be absent, present; and absent.
    async fn comes_back_as_it_was_kept(db: TestDb) {
        let full = Submission {
            mode: Mode::Window,
            covers_from: Some(day("2026-04-01")),
            correction: true,
            state: State::Decided,
            verdict: Some(Verdict::AcceptedWithFindings),
            held_reason: Some("fewer rows than before".to_owned()),
            counts: Some(Counts { rows_read: 7, closed: 2, ..Counts::default() }),
            decided_at: Some(at("2026-11-20T06:00:00.000001Z")),
            ..arrived(lewisham(), 1)
        };
        let bare = arrived(lewisham(), 2);
        keep(db.store(), &[full.clone(), bare.clone()]).await;
        let mut link = db.store().read().await.unwrap();
        assert_eq!(submission::find(&mut link, lewisham(), full.id).await.unwrap(), Some(full));
        assert_eq!(submission::find(&mut link, lewisham(), bare.id).await.unwrap(), Some(bare.clone()));
        assert_eq!(submission::locate(&mut link, bare.id).await.unwrap(), Some(bare));
    }

    async fn is_absent_for_another_authority(db: TestDb) {
        let own = arrived(lewisham(), 1);
        keep(db.store(), std::slice::from_ref(&own)).await;
        let mut link = db.store().read().await.unwrap();
        assert_eq!(submission::find(&mut link, croydon(), own.id).await.unwrap(), None);
        assert_eq!(submission::report(&mut link, croydon(), own.id).await.unwrap(), None);
        assert_eq!(submission::last_received(&mut link, croydon(), own.dataset).await.unwrap(), None);
        let theirs = Filter { authority: Some(croydon()), limit: 10, ..Filter::default() };
        assert_eq!(submission::list(&mut link, &theirs).await.unwrap(), []);
    }

    async fn numbers_rise_in_each_authority_alone(db: TestDb) {
        let mut given = Vec::new();
        for authority in [lewisham(), lewisham(), croydon(), lewisham()] {
            let mut tx = db.store().begin().await.unwrap();
            given.push(submission::next_seq(&mut tx, authority).await.unwrap());
            tx.commit().await.unwrap();
        }
        let mut lost = db.store().begin().await.unwrap();
        assert_eq!(submission::next_seq(&mut lost, croydon()).await.unwrap(), 2);
        drop(lost);
        let mut tx = db.store().begin().await.unwrap();
        given.push(submission::next_seq(&mut tx, croydon()).await.unwrap());
        assert_eq!(given, [1, 2, 1, 3, 2]);
    }

    /// Ten tasks at once on two replicas: no number twice, none left out.
    async fn numbers_do_not_collide(db: TestDb) {
        let other = db.reopen(4).await;
        let tasks: Vec<_> = (0..10)
            .map(|n| {
                let store = if n % 2 == 0 { db.store().clone() } else { other.clone() };
                tokio::spawn(async move {
                    let mut tx = store.begin().await.unwrap();
                    let seq = submission::next_seq(&mut tx, lewisham()).await.unwrap();
                    tx.commit().await.unwrap();
                    seq
                })
            })
            .collect();
        let mut given = Vec::new();
        for task in tasks {
            given.push(task.await.unwrap());
        }
        given.sort_unstable();
        assert_eq!(given, (1..=10).collect::<Vec<_>>());
    }

    async fn lists_newest_first_in_pages(db: TestDb) {
        let mut kept: Vec<_> = (1..=5).map(|seq| arrived(lewisham(), seq)).collect();
        kept[3].received_at = kept[2].received_at;
        kept[1].dataset = Dataset::Quality;
        kept.push(Submission { id: id(6), ..arrived(croydon(), 6) });
        keep(db.store(), &kept).await;
        let mut link = db.store().read().await.unwrap();
        let mut pages = Vec::new();
        let mut filter = Filter { authority: Some(lewisham()), limit: 2, ..Filter::default() };
        loop {
            let page = submission::list(&mut link, &filter).await.unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some((last.received_at, last.id));
            pages.push(page.iter().map(|submission| submission.seq).collect::<Vec<_>>());
        }
        assert_eq!(pages, [vec![5, 4], vec![3, 2], vec![1]]);
        let quality = Filter { dataset: Some(Dataset::Quality), limit: 9, ..Filter::default() };
        assert_eq!(submission::list(&mut link, &quality).await.unwrap().len(), 1);
        let all = Filter { limit: 9, ..Filter::default() };
        let seqs: Vec<_> = submission::list(&mut link, &all).await.unwrap().iter().map(|one| one.seq).collect();
        assert_eq!(seqs, [6, 5, 4, 3, 2, 1]);
    }

    /// Each part of what makes content the same, changed alone, makes it another.
    async fn knows_the_same_content_again(db: TestDb) {
        let kept = arrived(lewisham(), 1);
        let rejected = Submission { verdict: Some(Verdict::Rejected), digest: "r".to_owned(), ..arrived(lewisham(), 2) };
        let withdrawn = Submission { verdict: Some(Verdict::Withdrawn), digest: "w".to_owned(), ..arrived(lewisham(), 3) };
        keep(db.store(), &[kept.clone(), rejected, withdrawn]).await;
        let same = Content {
            authority: kept.authority,
            dataset: kept.dataset,
            client: &kept.client,
            digest: &kept.digest,
            mode: kept.mode,
            as_at: kept.as_at,
        };
        let mut link = db.store().read().await.unwrap();
        assert_eq!(submission::same_content(&mut link, &same).await.unwrap().map(|one| one.id), Some(kept.id));
        let others = [
            Content { authority: croydon(), ..same },
            Content { dataset: Dataset::Searches, ..same },
            Content { client: "another", ..same },
            Content { digest: "another", ..same },
            Content { mode: Mode::Changes, ..same },
            Content { as_at: day("2026-11-19"), ..same },
            Content { digest: "r", ..same },
            Content { digest: "w", ..same },
        ];
        for other in others {
            assert_eq!(submission::same_content(&mut link, &other).await.unwrap(), None, "{other:?}");
        }
    }

    async fn payload_is_kept_in_pieces_until_dropped(db: TestDb) {
        let kept = arrived(lewisham(), 1);
        keep(db.store(), std::slice::from_ref(&kept)).await;
        let pieces = [vec![0_u8, 255, 10], Vec::new(), vec![7; 100_000]];
        let mut tx = db.store().begin().await.unwrap();
        for (n, piece) in (0..).zip(&pieces) {
            submission::put_payload(&mut tx, lewisham(), kept.id, n, piece).await.unwrap();
        }
        for (n, piece) in (0..).zip(&pieces) {
            let read = submission::payload_piece(&mut tx, lewisham(), kept.id, n).await.unwrap();
            assert_eq!(read.as_ref(), Some(piece));
        }
        assert_eq!(submission::payload_piece(&mut tx, lewisham(), kept.id, 3).await.unwrap(), None);
        assert_eq!(submission::payload_piece(&mut tx, croydon(), kept.id, 0).await.unwrap(), None);
        assert_eq!(submission::drop_payload(&mut tx, croydon(), kept.id).await.unwrap(), 0);
        assert_eq!(submission::drop_payload(&mut tx, lewisham(), kept.id).await.unwrap(), 3);
        assert_eq!(submission::payload_piece(&mut tx, lewisham(), kept.id, 0).await.unwrap(), None);
    }
}
