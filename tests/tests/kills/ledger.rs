//! What was sent and answered, held against what the database has.

use std::collections::BTreeMap;

use hub_testkit::{Feed, Persona, rows};

use crate::senders::{AWAY, ROWS};

/// One request, and the id it was acknowledged with, if it was.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) caller: Persona,
    pub(crate) feed: Feed,
    pub(crate) acknowledged: Option<String>,
}

/// Every request, by its key.
#[derive(Debug, Default)]
pub(crate) struct Ledger(BTreeMap<String, Request>);

/// Applied submissions.
const APPLIED: &str = "s.verdict IN ('accepted', 'accepted_with_findings', 'superseded')";

/// What is wrong with a submission: each part that could be missing or there too early, as one statement and so at one moment.
fn halves() -> [(&'static str, String); 7] {
    let has = |what: &str| format!("EXISTS (SELECT 1 FROM {what})");
    let payload = has("payload p WHERE p.authority = s.authority AND p.submission = s.id");
    let memory = has("idempotency i WHERE i.authority = s.authority AND i.submission = s.id");
    let job = has("job j WHERE j.authority = s.authority AND j.dedupe = s.id AND j.state IN ('ready', 'running')");
    let written = "record r WHERE r.authority = s.authority AND r.known_from = s.seq";
    let told = "notice n JOIN record r ON r.authority = n.authority AND r.key = n.child_ref || '/2026-03-02' \
                WHERE n.authority = s.authority AND r.known_from = s.seq";
    [
        ("without payload", format!("NOT {payload}")),
        ("without memory of its key", format!("NOT {memory}")),
        ("neither decided nor queued", format!("s.verdict IS NULL AND NOT {job}")),
        ("undecided, with records", format!("s.verdict IS NULL AND {}", has(written))),
        ("applied, without report", format!("{APPLIED} AND s.report IS NULL")),
        ("applied, not all records", format!("{APPLIED} AND {ROWS} <> (SELECT COUNT(*) FROM {written})")),
        ("applied, not all notices", format!("{APPLIED} AND {AWAY} <> (SELECT COUNT(*) FROM {told})")),
    ]
}

/// What may be there once only.
const ONCE: [(&str, &str); 4] = [
    ("submission", "SELECT digest FROM submission GROUP BY authority, digest HAVING COUNT(*) > 1"),
    ("record", "SELECT key FROM record GROUP BY authority, dataset, key HAVING COUNT(*) > 1"),
    ("notice", "SELECT child_ref FROM notice GROUP BY authority, child_ref HAVING COUNT(*) > 1"),
    ("event of a notice", "SELECT notice FROM notice_event WHERE kind IN ('raised', 'registered') GROUP BY authority, notice HAVING COUNT(*) > 1"),
];

impl Ledger {
    /// Takes down requests.
    pub(crate) fn enter(&mut self, requests: Vec<Request>) {
        self.0.extend(requests.into_iter().map(|request| (request.feed.key.clone(), request)));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.0.values().filter(|request| request.acknowledged.is_some()).count()
    }

    /// What is lost, halved or doubled.
    pub(crate) async fn faults(&self, url: &str) -> Vec<String> {
        let kept = rows(url, "SELECT id FROM submission").await.concat();
        let lost = self.0.values().filter_map(|request| request.acknowledged.as_ref()).filter(|id| !kept.contains(id));
        let mut found: Vec<String> = lost.map(|id| format!("lost: {id}")).collect();
        for (fault, condition) in halves() {
            let halved = rows(url, &format!("SELECT s.id FROM submission s WHERE {condition}")).await;
            found.extend(halved.iter().map(|row| format!("{fault}: {}", row[0])));
        }
        for (what, sql) in ONCE {
            found.extend(rows(url, sql).await.iter().map(|row| format!("doubled {what}: {}", row[0])));
        }
        found
    }

    /// What a sender does whose connection broke: the same request again, with the same key.
    pub(crate) async fn send_unanswered_again(&mut self, base: &str) {
        for request in self.0.values_mut() {
            let answer = request.caller.at(base).submit(&request.feed).await;
            let id = answer.json()["id"].as_str().map(str::to_owned).unwrap_or_default();
            match &request.acknowledged {
                None => assert!(answer.status == 202 || answer.status == 200, "{}: {}", answer.status, answer.text()),
                Some(known) => assert_eq!((answer.status, &id), (200, known), "a replay has the same answer"),
            }
            request.acknowledged.get_or_insert(id);
        }
    }

    /// What is wrong once every request has been answered and every submission decided: each key is one submission, all
    /// of them applied, all their rows believed.
    pub(crate) async fn wrong_in_the_end(&self, url: &str) -> Vec<String> {
        let number = async |sql: &str| rows(url, &format!("SELECT CAST(COUNT(*) AS TEXT) FROM {sql}")).await[0][0].clone();
        let expected = [
            ("submission".to_owned(), self.len()),
            (format!("submission s WHERE {APPLIED}"), self.len()),
            ("record WHERE known_to IS NULL".to_owned(), self.len() * ROWS),
            ("notice".to_owned(), self.len() * AWAY),
        ];
        let mut wrong = Vec::new();
        for (what, many) in expected {
            let there = number(&what).await;
            if there != many.to_string() {
                wrong.push(format!("{there} and not {many}: {what}"));
            }
        }
        wrong
    }

    /// Plants one fault of each kind behind the hub's back; this ledger must find them all.
    pub(crate) async fn notices_planted_faults(&self, url: &str) {
        let some = |offset: u32| format!("(SELECT id FROM submission ORDER BY id LIMIT 1 OFFSET {offset})");
        let first_of = |offset: u32| format!(
            "(authority, key) IN (SELECT authority, key FROM record WHERE (authority, known_from) IN \
             (SELECT authority, seq FROM submission WHERE id = {}) ORDER BY key LIMIT 1)", some(offset)
        );
        let planted = [
            ("without payload", format!("DELETE FROM payload WHERE submission = {}", some(0))),
            ("without memory", format!("DELETE FROM idempotency WHERE submission = {}", some(0))),
            ("undecided, with records", format!("UPDATE submission SET verdict = NULL WHERE id = {}", some(1))),
            ("applied, not all records", format!("DELETE FROM record WHERE {}", first_of(2))),
            ("applied, not all notices", "DELETE FROM notice WHERE id = (SELECT id FROM notice ORDER BY id LIMIT 1)".to_owned()),
            ("doubled submission", format!("UPDATE submission SET digest = (SELECT digest FROM submission WHERE id = {0}), authority = \
                (SELECT authority FROM submission WHERE id = {0}), seq = 999999 WHERE id = {1}", some(3), some(4))),
            ("lost", format!("DELETE FROM submission WHERE id = {}", some(5))),
        ];
        for (fault, sql) in planted {
            rows(url, &sql).await;
            let found = self.faults(url).await;
            assert!(found.iter().any(|found| found.starts_with(fault)), "{fault}: planted and not found in {found:?}");
        }
    }
}
