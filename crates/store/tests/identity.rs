//! Members, clients, people, assertions, signing keys, and who has read what.

#![cfg(test)]

use hub_domain::Timestamp;
use hub_store::identity::{self, Client, ReportingKey, Session, SigningKey, State};
use hub_store::member::{self, Member};
use hub_store::reading::{self, Reading, Thing};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).unwrap()
}

fn client(id: &str) -> Client {
    Client {
        id: id.into(),
        name: "Lewisham's nightly feed".into(),
        roles: vec!["borough".into(), "host".into()],
        authorities: vec!["E09000023".parse().unwrap(), "E09000011".parse().unwrap()],
        secret: Some(vec![1, 2, 3]),
        jwks: Some(r#"{"keys":[]}"#.into()),
        state: State::Active,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn key(kid: &str, created: i64) -> SigningKey {
    SigningKey {
        kid: kid.into(),
        purpose: "token".into(),
        algorithm: "EdDSA".into(),
        private: vec![0, 159, 146, 150],
        public: r#"{"kty":"OKP"}"#.into(),
        created_at: at(created),
        retired_at: None,
    }
}

hub_testdb::on_both! {
    async fn members_are_kept_and_changed(db: TestDb) {
        let lewisham = Member {
            code: "E09000023".parse().unwrap(),
            name: "Lewisham".into(),
            joined_on: "2026-04-01".parse().unwrap(),
            settings: "{}".into(),
        };
        let kent = Member { code: "E10000016".parse().unwrap(), name: "Kent".into(), ..lewisham.clone() };
        let later = Member { joined_on: "2026-05-01".parse().unwrap(), settings: r#"{"a":1}"#.into(), ..lewisham.clone() };
        let mut tx = db.store().begin().await.unwrap();
        for one in [&kent, &lewisham, &later] {
            member::upsert(&mut tx, one).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(member::all(&mut link).await.unwrap(), [later.clone(), kent]);
        assert_eq!(member::find(&mut link, later.code).await.unwrap(), Some(later));
        assert_eq!(member::find(&mut link, "E09000001".parse().unwrap()).await.unwrap(), None);
    }

    async fn reporting_keys_are_found_by_their_secret_and_their_use_is_noted_now_and_then(db: TestDb) {
        let key = |id: &str, secret: u8| ReportingKey {
            id: id.into(),
            name: "Power BI".into(),
            secret: vec![secret; 32],
            created_at: at(0),
            expires_at: at(1_000),
            revoked_at: None,
            used_at: None,
        };
        let mut tx = db.store().begin().await.unwrap();
        for (id, secret, is_new) in [("b", 2, true), ("a", 1, true), ("a", 3, false)] {
            assert_eq!(identity::insert_reporting_key(&mut tx, &key(id, secret)).await.unwrap(), is_new, "{id} {secret}");
        }
        assert!(identity::note_use(&mut tx, "a", at(50), at(40)).await.unwrap(), "the first use");
        assert!(!identity::note_use(&mut tx, "a", at(60), at(49)).await.unwrap(), "noted lately");
        assert!(identity::note_use(&mut tx, "a", at(70), at(50)).await.unwrap());
        assert!(identity::revoke_reporting_key(&mut tx, "b", at(80)).await.unwrap());
        assert!(!identity::revoke_reporting_key(&mut tx, "b", at(90)).await.unwrap(), "once");
        assert!(!identity::revoke_reporting_key(&mut tx, "c", at(90)).await.unwrap());
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        let used = ReportingKey { used_at: Some(at(70)), ..key("a", 1) };
        let revoked = ReportingKey { revoked_at: Some(at(80)), ..key("b", 2) };
        assert_eq!(identity::reporting_keys(&mut link).await.unwrap(), [used.clone(), revoked]);
        assert_eq!(identity::reporting_key_by_secret(&mut link, &[1; 32]).await.unwrap(), Some(used));
        assert_eq!(identity::reporting_key_by_secret(&mut link, &[3; 32]).await.unwrap(), None);
    }

    async fn clients_are_kept_and_changed(db: TestDb) {
        let first = client("lewisham-feed");
        let changed = Client {
            name: "Lewisham".into(),
            roles: vec![],
            authorities: vec![],
            secret: None,
            jwks: None,
            state: State::Revoked,
            created_at: at(9),
            updated_at: at(9),
            ..first.clone()
        };
        let mut tx = db.store().begin().await.unwrap();
        // Where a database's own language orders names, the dash and the capital would be passed over.
        for id in ["a-b", "B", "aa"] {
            identity::upsert_client(&mut tx, &client(id)).await.unwrap();
        }
        identity::upsert_client(&mut tx, &first).await.unwrap();
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(identity::client(&mut link, "lewisham-feed").await.unwrap(), Some(first));
        let mut tx = db.store().begin().await.unwrap();
        identity::upsert_client(&mut tx, &changed).await.unwrap();
        tx.commit().await.unwrap();
        let kept = Client { created_at: at(0), ..changed };
        assert_eq!(identity::client(&mut link, "lewisham-feed").await.unwrap(), Some(kept));
        assert_eq!(identity::client(&mut link, "nobody").await.unwrap(), None);
        let ids: Vec<String> = identity::clients(&mut link).await.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["B", "a-b", "aa", "lewisham-feed"]);
    }

    async fn an_assertion_is_used_once(db: TestDb) {
        let mut tx = db.store().begin().await.unwrap();
        assert!(identity::use_assertion(&mut tx, "a", "one", at(60)).await.unwrap());
        assert!(identity::use_assertion(&mut tx, "b", "one", at(90)).await.unwrap());
        assert!(!identity::use_assertion(&mut tx, "a", "one", at(60)).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = db.store().begin().await.unwrap();
        assert!(!identity::use_assertion(&mut tx, "a", "one", at(999)).await.unwrap());
        assert_eq!(identity::sweep_assertions(&mut tx, at(59)).await.unwrap(), 0);
        assert_eq!(identity::sweep_assertions(&mut tx, at(60)).await.unwrap(), 1);
        assert!(!identity::use_assertion(&mut tx, "b", "one", at(90)).await.unwrap());
    }

    async fn a_session_lives_until_it_ends_and_a_sign_in_is_spent_once(db: TestDb) {
        let session = Session {
            id: "5e".into(),
            person: "person:pat".into(),
            name: "Pat Made-Up".into(),
            roles: vec!["host".into()],
            authorities: vec!["E10000016".parse().unwrap()],
            begun_at: at(0),
            seen_at: at(0),
            ends_at: at(100),
        };
        let mut tx = db.store().begin().await.unwrap();
        identity::insert_session(&mut tx, &session).await.unwrap();
        identity::insert_sign_in(&mut tx, "51", "/desk", at(50)).await.unwrap();
        assert_eq!(identity::session(&mut tx, "5e").await.unwrap().as_ref(), Some(&session));
        assert!(identity::note_session(&mut tx, "5e", at(9)).await.unwrap());
        assert!(!identity::note_session(&mut tx, "5e", at(8)).await.unwrap(), "never back");
        assert_eq!(identity::session(&mut tx, "5e").await.unwrap().map(|one| one.seen_at), Some(at(9)));
        assert_eq!(identity::sign_in(&mut tx, "51", at(50)).await.unwrap(), None, "its time is over");
        assert_eq!(identity::sign_in(&mut tx, "51", at(49)).await.unwrap().as_deref(), Some("/desk"));
        assert!(identity::delete_sign_in(&mut tx, "51").await.unwrap());
        assert!(!identity::delete_sign_in(&mut tx, "51").await.unwrap());
        assert_eq!(identity::sweep_people(&mut tx, at(99)).await.unwrap(), 0);
        assert_eq!(identity::sweep_people(&mut tx, at(100)).await.unwrap(), 1);
        assert_eq!(identity::session(&mut tx, "5e").await.unwrap(), None);
    }

    async fn a_reading_is_kept_once_a_day_and_shown_to_whose_data_it_was(db: TestDb) {
        let one = |authority: &str, day: &str, seconds| Reading {
            authority: authority.parse().unwrap(),
            day: day.parse().unwrap(),
            reader: "operator".into(),
            thing: Thing::Submission,
            subject: "a".into(),
            called: "operator".into(),
            at: at(seconds),
        };
        let (first, again) = (one("E09000023", "2026-06-01", 1), one("E09000023", "2026-06-01", 2));
        let (next, others) = (one("E09000023", "2026-06-02", 3), one("E09000008", "2026-06-02", 4));
        let mut tx = db.store().begin().await.unwrap();
        reading::note(&mut tx, &[first.clone(), again, next.clone(), others]).await.unwrap();
        tx.commit().await.unwrap();
        let own = first.authority;
        let mut link = db.store().read_as(own).await.unwrap();
        let since = |day: &str| day.parse().unwrap();
        assert_eq!(reading::list(&mut link, own, since("2026-01-01"), 9).await.unwrap(), [next.clone(), first]);
        assert_eq!(reading::list(&mut link, own, since("2026-06-02"), 9).await.unwrap(), [next]);
    }

    async fn of_many_replays_at_once_one_is_taken(db: TestDb) {
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let store = db.store().clone();
                tokio::spawn(async move {
                    let mut tx = store.begin().await.unwrap();
                    let taken = identity::use_assertion(&mut tx, "a", "one", at(60)).await.unwrap();
                    tx.commit().await.unwrap();
                    taken
                })
            })
            .collect();
        let mut taken = 0;
        for one in tries {
            taken += usize::from(one.await.unwrap());
        }
        assert_eq!(taken, 1);
    }

    async fn keys_are_listed_newest_first_and_retired_once(db: TestDb) {
        let (old, new) = (key("old", 0), key("new", 1));
        let other = SigningKey { purpose: "webhook".into(), ..key("other", 2) };
        let mut tx = db.store().begin().await.unwrap();
        for one in [&old, &new, &other] {
            identity::insert_key(&mut tx, one).await.unwrap();
        }
        assert!(identity::retire_key(&mut tx, "old", at(5)).await.unwrap());
        assert!(!identity::retire_key(&mut tx, "old", at(6)).await.unwrap());
        assert!(!identity::retire_key(&mut tx, "absent", at(6)).await.unwrap());
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        let retired = SigningKey { retired_at: Some(at(5)), ..old };
        assert_eq!(identity::keys(&mut link, "token").await.unwrap(), [new, retired]);
        assert_eq!(identity::keys(&mut link, "webhook").await.unwrap(), [other]);
    }
}

#[test]
fn no_secret_is_shown_when_debugged() {
    let shown = format!("{:?}{:?}", client("a"), key("b", 0));
    assert!(!shown.contains("1, 2, 3") && !shown.contains("159"));
}
