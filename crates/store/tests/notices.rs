//! Notices: who sees them, and that no writer overwrites another unseen.

#![cfg(test)]

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Date, IdSource as _, SequentialIds, Timestamp};
use hub_notices::{EventKind, NoticeState, Party, Standing};
use hub_store::Store;
use hub_store::notice::{self, Filter, NoticeEvent, NoticeRow};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).unwrap()
}

fn code(text: &str) -> AuthorityCode {
    text.parse().unwrap()
}

fn lewisham() -> AuthorityCode {
    code("E09000023")
}

fn southwark() -> AuthorityCode {
    code("E09000028")
}

fn kent() -> AuthorityCode {
    code("E10000016")
}

fn croydon() -> AuthorityCode {
    code("E09000008")
}

fn row(ids: &SequentialIds, child: &str, host: AuthorityCode, raised: i64) -> NoticeRow {
    NoticeRow {
        authority: lewisham(),
        id: ids.next(),
        host,
        child_ref: format!("made-up-child-of-test-{child}"),
        state: NoticeState::Raised,
        live: true,
        issued: true,
        version: 1,
        revision: 0,
        class: "at_a_distance".into(),
        started_on: "2026-06-01".parse::<Date>().unwrap(),
        ended_on: None,
        due_at: Some(at(raised + 100)),
        body: r#"{"said":"\"é\" and \\ and {}"}"#.into(),
        standing: Standing::PresumedMissing,
        given_at: None,
        raised_at: at(raised),
        updated_at: at(raised),
        issued_at: Some(at(raised)),
        delivered_version: 0,
        late_version: 0,
    }
}

fn happened(notice: &NoticeRow, kind: EventKind, seconds: i64) -> NoticeEvent {
    NoticeEvent {
        authority: notice.authority,
        notice: notice.id,
        n: 0,
        kind,
        at: at(seconds),
        actor: "submission 7".into(),
        side: kind.owner(),
        detail: "{}".into(),
    }
}

/// Nothing was refused.
const NONE: [Uuid; 0] = [];

async fn save(store: &Store, rows: &[NoticeRow]) -> Vec<Uuid> {
    let mut tx = store.begin().await.unwrap();
    let refused = notice::save_many(&mut tx, rows).await.unwrap();
    tx.commit().await.unwrap();
    refused
}

fn kept(row: &NoticeRow) -> NoticeRow {
    NoticeRow { revision: row.revision + 1, ..row.clone() }
}

fn up_to(limit: i64) -> Filter {
    Filter { limit, ..Filter::default() }
}

fn ids_of(rows: &[NoticeRow]) -> Vec<Uuid> {
    rows.iter().map(|row| row.id).collect()
}

hub_testdb::on_both! {
    async fn a_notice_reads_as_it_was_kept(db: TestDb) {
        let ids = SequentialIds::default();
        let mut full = row(&ids, "1", kent(), 0);
        full.ended_on = Some("2026-07-01".parse().unwrap());
        full.live = false;
        full.state = NoticeState::Ended;
        let bare = NoticeRow { due_at: None, issued: false, ..row(&ids, "2", kent(), 0) };
        assert_eq!(save(db.store(), &[full.clone(), bare.clone()]).await, NONE);
        let mut link = db.store().read().await.unwrap();
        assert_eq!(notice::find(&mut link, lewisham(), full.id).await.unwrap(), Some(kept(&full)));
        assert_eq!(notice::find(&mut link, lewisham(), bare.id).await.unwrap(), Some(kept(&bare)));
    }

    async fn a_notice_is_inserted_once(db: TestDb) {
        let ids = SequentialIds::default();
        let first = row(&ids, "1", kent(), 0);
        let mut tx = db.store().begin().await.unwrap();
        assert!(notice::insert(&mut tx, &first).await.unwrap());
        let again = NoticeRow { state: NoticeState::Withdrawn, ..first.clone() };
        assert!(!notice::insert(&mut tx, &again).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(save(db.store(), std::slice::from_ref(&again)).await, [first.id]);
        let mut link = db.store().read().await.unwrap();
        assert_eq!(notice::find(&mut link, lewisham(), first.id).await.unwrap(), Some(kept(&first)));
    }

    async fn of_two_writers_the_second_reads_again(db: TestDb) {
        let ids = SequentialIds::default();
        let first = row(&ids, "1", kent(), 0);
        save(db.store(), std::slice::from_ref(&first)).await;
        let read = kept(&first);
        let answered = NoticeRow { state: NoticeState::Acknowledged, updated_at: at(5), ..read.clone() };
        let changed = NoticeRow { version: 2, body: "{}".into(), updated_at: at(6), ..read.clone() };

        let mut tx = db.store().begin().await.unwrap();
        assert!(notice::update(&mut tx, &answered).await.unwrap());
        assert!(!notice::update(&mut tx, &changed).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(save(db.store(), std::slice::from_ref(&changed)).await, [first.id]);
        let mut link = db.store().read().await.unwrap();
        assert_eq!(notice::find(&mut link, lewisham(), first.id).await.unwrap(), Some(kept(&answered)));
    }

    async fn every_column_but_the_first_instant_can_change(db: TestDb) {
        let ids = SequentialIds::default();
        let first = row(&ids, "1", kent(), 0);
        save(db.store(), std::slice::from_ref(&first)).await;
        let changed = NoticeRow {
            host: croydon(),
            child_ref: "made-up-child-of-test-9".into(),
            state: NoticeState::Ended,
            live: false,
            issued: false,
            version: 3,
            revision: 1,
            class: "adjoining".into(),
            started_on: "2026-06-02".parse().unwrap(),
            ended_on: Some("2026-06-03".parse().unwrap()),
            due_at: None,
            body: "{}".into(),
            raised_at: at(77),
            updated_at: at(78),
            issued_at: None,
            delivered_version: 2,
            ..first.clone()
        };
        assert_eq!(save(db.store(), std::slice::from_ref(&changed)).await, NONE);
        let mut link = db.store().read().await.unwrap();
        let expected = NoticeRow { raised_at: first.raised_at, ..kept(&changed) };
        assert_eq!(notice::find(&mut link, lewisham(), first.id).await.unwrap(), Some(expected));
    }

    async fn what_has_reached_its_host_by_no_way_is_late_until_its_sender_is_told(db: TestDb) {
        let ids = SequentialIds::default();
        let waits = row(&ids, "1", kent(), 1);
        let soon = row(&ids, "2", kent(), 9);
        let changed = NoticeRow { state: NoticeState::Disputed, version: 3, delivered_version: 2, ..row(&ids, "3", kent(), 0) };
        let gone = NoticeRow { state: NoticeState::Withdrawn, version: 2, ..row(&ids, "4", kent(), 0) };
        let known = NoticeRow { delivered_version: 1, ..gone.clone() };
        let known = NoticeRow { id: ids.next(), authority: southwark(), ..known };
        let came = NoticeRow { delivered_version: 1, ..row(&ids, "5", kent(), 0) };
        let held = NoticeRow { issued: false, issued_at: None, state: NoticeState::Held, ..row(&ids, "6", kent(), 0) };
        let rows = [&waits, &soon, &changed, &gone, &known, &came, &held].map(Clone::clone);
        assert_eq!(save(db.store(), &rows).await, NONE);

        let mut link = db.store().read().await.unwrap();
        let late = notice::late(&mut link, at(5), 9).await.unwrap();
        let mut wanted = [changed.id, known.id, waits.id];
        wanted[..2].sort();
        assert_eq!(ids_of(&late), wanted, "the longest first; nobody waits to hear that what they never knew of is over");
        assert_eq!(ids_of(&notice::late(&mut link, at(5), 1).await.unwrap()), wanted[..1]);
        assert_eq!(notice::authorities(&mut link).await.unwrap(), [lewisham(), southwark()]);
        drop(link);
        let mut tx = db.store().begin().await.unwrap();
        notice::tell_late(&mut tx, &late).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(ids_of(&notice::late(&mut link, at(5), 9).await.unwrap()), NONE, "each is told once");
        drop(link);

        // A new version is late anew, and telling of the one before does not meet whoever writes it.
        let next = NoticeRow { version: 2, issued_at: Some(at(20)), ..kept(&waits) };
        assert_eq!(save(db.store(), std::slice::from_ref(&next)).await, NONE);
        let mut tx = db.store().begin().await.unwrap();
        notice::tell_late(&mut tx, &[kept(&waits)]).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(ids_of(&notice::late(&mut link, at(30), 9).await.unwrap()), [soon.id, waits.id]);
    }

    async fn an_authority_sees_what_it_sent_and_a_host_what_it_was_told(db: TestDb) {
        let ids = SequentialIds::default();
        let to_kent = row(&ids, "1", kent(), 0);
        let to_croydon = row(&ids, "2", croydon(), 1);
        let unsaid = NoticeRow { issued: false, state: NoticeState::Held, ..row(&ids, "3", kent(), 2) };
        let from_southwark = NoticeRow { authority: southwark(), ..row(&ids, "4", kent(), 3) };
        save(db.store(), &[to_kent.clone(), to_croydon.clone(), unsaid.clone(), from_southwark.clone()]).await;

        let mut link = db.store().read().await.unwrap();
        let inbox = notice::inbox(&mut link, kent(), &up_to(10)).await.unwrap();
        assert_eq!(ids_of(&inbox), [from_southwark.id, to_kent.id]);
        let sent = notice::sent(&mut link, lewisham(), &up_to(10)).await.unwrap();
        assert_eq!(ids_of(&sent), [unsaid.id, to_croydon.id, to_kent.id]);
        assert_eq!(notice::inbox(&mut link, lewisham(), &up_to(10)).await.unwrap(), []);

        let find = notice::find_for_host(&mut link, kent(), to_kent.id).await.unwrap();
        assert_eq!(find, Some(kept(&to_kent)));
        assert_eq!(notice::find_for_host(&mut link, kent(), to_croydon.id).await.unwrap(), None);
        assert_eq!(notice::find_for_host(&mut link, kent(), unsaid.id).await.unwrap(), None);
        assert_eq!(notice::find_for_host(&mut link, lewisham(), to_kent.id).await.unwrap(), None);
        assert_eq!(notice::find(&mut link, southwark(), to_kent.id).await.unwrap(), None);
        assert_eq!(notice::find(&mut link, kent(), to_kent.id).await.unwrap(), None);
    }

    async fn lists_are_filtered_and_go_on_where_they_stopped(db: TestDb) {
        let ids = SequentialIds::default();
        let mut rows: Vec<NoticeRow> = (0..5).map(|n| row(&ids, &n.to_string(), kent(), n / 2)).collect();
        rows[0].state = NoticeState::Disputed;
        rows[4].state = NoticeState::Ended;
        rows[4].live = false;
        save(db.store(), &rows).await;
        let newest_first: Vec<Uuid> = rows.iter().rev().map(|row| row.id).collect();

        let mut link = db.store().read().await.unwrap();
        let (mut seen, mut filter) = (Vec::new(), up_to(2));
        loop {
            let page = notice::inbox(&mut link, kent(), &filter).await.unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some((last.raised_at, last.id));
            seen.extend(ids_of(&page));
        }
        assert_eq!(seen, newest_first);
        for disputed in [Filter { state: Some(NoticeState::Disputed), ..up_to(9) }] {
            assert_eq!(ids_of(&notice::inbox(&mut link, kent(), &disputed).await.unwrap()), [rows[0].id]);
            assert_eq!(ids_of(&notice::sent(&mut link, lewisham(), &disputed).await.unwrap()), [rows[0].id]);
        }
        let open = Filter { open: true, ..up_to(9) };
        assert_eq!(ids_of(&notice::inbox(&mut link, kent(), &open).await.unwrap()), newest_first[1..]);
        assert_eq!(ids_of(&notice::sent(&mut link, lewisham(), &open).await.unwrap()), newest_first[1..]);
    }

    async fn thousands_are_kept_changed_and_found_by_child(db: TestDb) {
        let ids = SequentialIds::default();
        let rows: Vec<NoticeRow> = (0..2_345).map(|n| row(&ids, &format!("{n:05}"), kent(), n)).collect();
        assert_eq!(save(db.store(), &rows).await, NONE);
        let children: Vec<String> = rows.iter().map(|row| row.child_ref.clone()).chain(["nobody".into()]).collect();
        let mut link = db.store().read().await.unwrap();
        let found = notice::by_children(&mut link, lewisham(), &children).await.unwrap();
        assert_eq!(found, rows.iter().map(kept).collect::<Vec<_>>());
        assert_eq!(notice::by_children(&mut link, southwark(), &children).await.unwrap(), []);

        let stale = rows[700].id;
        let mut changed = found;
        for row in &mut changed {
            row.version += 1;
        }
        changed[700].revision += 1;
        assert_eq!(save(db.store(), &changed).await, [stale]);
        let found = notice::by_children(&mut link, lewisham(), &children).await.unwrap();
        assert_eq!(found.iter().filter(|row| row.version == 2 && row.revision == 2).count(), 2_344);
    }

    async fn children_and_notices_are_found_by_the_hundred(db: TestDb) {
        let ids = SequentialIds::default();
        let rows: Vec<NoticeRow> = (0..1_001).map(|n| row(&ids, &(n / 2).to_string(), kent(), n)).collect();
        let other = NoticeRow { authority: southwark(), ..row(&ids, "southwark", kent(), 0) };
        save(db.store(), &rows).await;
        save(db.store(), std::slice::from_ref(&other)).await;
        let mut link = db.store().read().await.unwrap();
        let mut asked: Vec<Uuid> = rows.iter().rev().map(|row| row.id).collect();
        asked.extend([other.id, ids.next()]);
        let found = notice::by_ids(&mut link, lewisham(), &asked).await.unwrap();
        assert_eq!(found, rows.iter().map(kept).collect::<Vec<_>>());
        let children = notice::children(&mut link, lewisham()).await.unwrap();
        let expected: BTreeSet<String> = rows.iter().map(|row| row.child_ref.clone()).collect();
        assert_eq!(children.len(), expected.len());
        assert_eq!(children.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    async fn what_is_overdue_is_what_nobody_was_told_in_time(db: TestDb) {
        let ids = SequentialIds::default();
        let mut rows: Vec<NoticeRow> = (0..5).map(|n| row(&ids, &n.to_string(), kent(), 10 * n)).collect();
        rows[1].state = NoticeState::Delivered;
        rows[2].due_at = None;
        rows[3].state = NoticeState::Held;
        save(db.store(), &rows).await;
        let mut link = db.store().read().await.unwrap();
        let overdue = notice::overdue(&mut link, lewisham(), at(130), 9).await.unwrap();
        assert_eq!(ids_of(&overdue), [rows[0].id, rows[3].id]);
        assert_eq!(notice::overdue(&mut link, southwark(), at(130), 9).await.unwrap(), []);
    }

    async fn a_history_only_grows_and_is_numbered(db: TestDb) {
        let ids = SequentialIds::default();
        let [one, two] = [row(&ids, "1", kent(), 0), row(&ids, "2", kent(), 0)];
        let mut tx = db.store().begin().await.unwrap();
        let first = [happened(&one, EventKind::Raised, 1), happened(&two, EventKind::Raised, 1), happened(&one, EventKind::Ended, 2)];
        notice::append_events(&mut tx, &first).await.unwrap();
        notice::append_event(&mut tx, &happened(&one, EventKind::Disputed, 3)).await.unwrap();
        tx.commit().await.unwrap();

        let mut link = db.store().read().await.unwrap();
        let history = notice::events(&mut link, lewisham(), one.id).await.unwrap();
        let seen: Vec<_> = history.iter().map(|event| (event.n, event.kind, event.at, event.side)).collect();
        assert_eq!(seen, [
            (1, EventKind::Raised, at(1), Party::Placing),
            (2, EventKind::Ended, at(2), Party::Placing),
            (3, EventKind::Disputed, at(3), Party::Host),
        ]);
        assert_eq!(history[0], NoticeEvent { n: 1, ..happened(&one, EventKind::Raised, 1) });
        assert_eq!(notice::events(&mut link, lewisham(), two.id).await.unwrap().len(), 1);
        assert_eq!(notice::events(&mut link, kent(), one.id).await.unwrap(), []);
    }

    async fn a_long_batch_of_events_keeps_its_order(db: TestDb) {
        let ids = SequentialIds::default();
        let one = row(&ids, "1", kent(), 0);
        let events: Vec<NoticeEvent> = (0..1_234).map(|n| happened(&one, EventKind::Changed, n)).collect();
        let mut tx = db.store().begin().await.unwrap();
        notice::append_events(&mut tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        let history = notice::events(&mut db.store().read().await.unwrap(), lewisham(), one.id).await.unwrap();
        let expected: Vec<_> = (0..1_234).map(|n| (n + 1, at(n))).collect();
        assert_eq!(history.iter().map(|event| (event.n, event.at)).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn nothing_of_a_child_is_shown_when_debugged() {
    let canary = "canary-7f3a";
    let ids = SequentialIds::default();
    let row = NoticeRow { child_ref: canary.into(), body: canary.into(), ..row(&ids, "1", kent(), 0) };
    let event = NoticeEvent { detail: canary.into(), ..happened(&row, EventKind::Raised, 0) };
    assert!(!format!("{row:?}{event:?}").contains(canary));
}
