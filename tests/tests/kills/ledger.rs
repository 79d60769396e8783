//! What was sent and answered, held against what the database has.

use std::collections::{BTreeMap, BTreeSet};

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

/// Every submission with the parts of it that are there, as one statement and so at one moment: id, whether it is applied,
/// decided, has payload, memory of its key, a job and a report; how many records and how many notices it made.
const PARTS: &str = "\
    SELECT s.id, CASE WHEN s.verdict IN ('accepted', 'accepted_with_findings', 'superseded') THEN 'applied' ELSE '' END, \
      COALESCE(s.verdict, ''), p.submission, i.submission, j.dedupe, CASE WHEN s.report IS NULL THEN '' ELSE 'report' END, \
      CAST(COALESCE(w.many, 0) AS TEXT), CAST(COALESCE(t.many, 0) AS TEXT) \
    FROM submission s \
    LEFT JOIN (SELECT DISTINCT authority, submission FROM payload) p ON p.authority = s.authority AND p.submission = s.id \
    LEFT JOIN idempotency i ON i.authority = s.authority AND i.submission = s.id \
    LEFT JOIN job j ON j.authority = s.authority AND j.dedupe = s.id AND j.state IN ('ready', 'running') \
    LEFT JOIN (SELECT authority, known_from, COUNT(*) AS many FROM record GROUP BY authority, known_from) w \
      ON w.authority = s.authority AND w.known_from = s.seq \
    LEFT JOIN (SELECT r.authority, r.known_from, COUNT(*) AS many FROM notice n \
        JOIN record r ON r.authority = n.authority AND r.dataset = 'placements' AND r.key = n.child_ref || '/2026-03-02' \
        GROUP BY r.authority, r.known_from) t \
      ON t.authority = s.authority AND t.known_from = s.seq";

/// What is wrong with one submission of [`PARTS`]: a part that is missing, or there too early.
fn halves(parts: &[String]) -> Vec<String> {
    let [id, applied, verdict, payload, memory, job, report, records, notices] = parts else { panic!("{parts:?}") };
    let (applied, undecided) = (!applied.is_empty(), verdict.is_empty());
    let (rows, away) = (ROWS.to_string(), AWAY.to_string());
    let faults = [
        ("without payload", payload.is_empty()),
        ("without memory", memory.is_empty()),
        ("neither decided nor queued", undecided && job.is_empty()),
        ("undecided, with records", undecided && *records != "0"),
        ("neither applied nor undecided", !undecided && !applied),
        ("applied, without report", applied && report.is_empty()),
        ("applied, not all records", applied && *records != rows),
        ("applied, not all notices", applied && *notices != away),
    ];
    faults.into_iter().filter(|(_, is_so)| *is_so).map(|(fault, _)| format!("{fault}: {id}")).collect()
}

/// What may be there once only.
const ONCE: [(&str, &str); 4] = [
    ("submission", "SELECT digest FROM submission GROUP BY authority, digest HAVING COUNT(*) > 1"),
    ("record", "SELECT key FROM record GROUP BY authority, dataset, key HAVING COUNT(*) > 1"),
    ("notice", "SELECT child_ref FROM notice GROUP BY authority, child_ref HAVING COUNT(*) > 1"),
    (
        "event of a notice",
        "SELECT notice FROM notice_event WHERE kind IN ('raised', 'registered') GROUP BY authority, notice HAVING COUNT(*) > 1",
    ),
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
        let kept = rows(url, PARTS).await;
        let ids: BTreeSet<&str> = kept.iter().map(|parts| parts[0].as_str()).collect();
        let acknowledged = self.0.values().filter_map(|request| request.acknowledged.as_deref());
        let mut found: Vec<String> =
            acknowledged.filter(|id| !ids.contains(id)).map(|id| format!("lost: {id}")).collect();
        found.extend(kept.iter().flat_map(|parts| halves(parts)));
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
        let number =
            async |sql: &str| rows(url, &format!("SELECT CAST(COUNT(*) AS TEXT) FROM {sql}")).await[0][0].clone();
        let expected = [
            ("submission".to_owned(), self.len()),
            ("submission WHERE verdict IN ('accepted', 'accepted_with_findings', 'superseded')".to_owned(), self.len()),
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
        let first_of = |offset: u32| {
            format!(
                "(authority, key) IN (SELECT authority, key FROM record WHERE (authority, known_from) IN \
             (SELECT authority, seq FROM submission WHERE id = {}) ORDER BY key LIMIT 1)",
                some(offset)
            )
        };
        let planted = [
            ("without payload", format!("DELETE FROM payload WHERE submission = {}", some(0))),
            ("without memory", format!("DELETE FROM idempotency WHERE submission = {}", some(0))),
            ("undecided, with records", format!("UPDATE submission SET verdict = NULL WHERE id = {}", some(1))),
            ("applied, not all records", format!("DELETE FROM record WHERE {}", first_of(2))),
            (
                "applied, not all notices",
                "DELETE FROM notice WHERE id = (SELECT id FROM notice ORDER BY id LIMIT 1)".to_owned(),
            ),
            (
                "doubled submission",
                format!(
                    "UPDATE submission SET digest = (SELECT digest FROM submission WHERE id = {0}), authority = \
                (SELECT authority FROM submission WHERE id = {0}), seq = 999999 WHERE id = {1}",
                    some(3),
                    some(4)
                ),
            ),
            ("lost", format!("DELETE FROM submission WHERE id = {}", some(5))),
        ];
        for (fault, sql) in planted {
            rows(url, &sql).await;
            let found = self.faults(url).await;
            assert!(found.iter().any(|found| found.starts_with(fault)), "{fault}: planted and not found in {found:?}");
        }
    }
}
