//! Promise D4 on the real store: whatever the order of arrival, what is believed is the fold of what is applied in the
//! order (`as_at`, sequence); a withdrawal takes its submission out of the fold; and what was known once stays known.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;

use hub_domain::Date;
use hub_pipeline::{notices, submissions};
use hub_store::notice::Filter;
use hub_store::submission::{Submission, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::rig::{KENT, LEWISHAM, Parcel, Rig, Row, away, code, episode, on};

/// Children that a history is about: one record each.
const CHILDREN: usize = 4;

/// What a submission says of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    need: u8,
    /// Month of 2026 in which the episode ended, on its first day.
    ended: Option<u8>,
    /// Placed in Kent.
    away: bool,
}

type Rows = BTreeMap<usize, Said>;

#[derive(Debug, Clone)]
enum Step {
    Full(Rows),
    Window(u8, Rows),
    Changes(Rows, Vec<usize>),
}

/// A submission of a day of July, or the withdrawal of the nth that was applied.
#[derive(Debug, Clone)]
enum Move {
    Send(u8, Step),
    Withdraw(usize),
}

fn covered(from: u8, said: Said) -> bool {
    said.ended.is_none_or(|month| month >= from)
}

/// The oracle.
fn fold<'a>(applied: impl IntoIterator<Item = &'a (u8, i64, Step)>) -> Rows {
    let mut ordered: Vec<_> = applied.into_iter().collect();
    ordered.sort_by_key(|(as_at, seq, _)| (*as_at, *seq));
    let mut believed = Rows::new();
    for (_, _, step) in ordered {
        match step {
            Step::Full(rows) => believed.clone_from(rows),
            Step::Window(from, rows) => {
                believed.retain(|child, said| !covered(*from, *said) || rows.contains_key(child));
                believed.extend(rows.clone());
            }
            Step::Changes(rows, deleted) => {
                believed.extend(rows.clone());
                believed.retain(|child, _| !deleted.contains(child));
            }
        }
    }
    believed
}

fn row(child: usize, said: Said) -> Row {
    let (child, start) = (child.to_string(), "2026-01-05");
    let row = if said.away { away(&child, start, KENT) } else { episode(&child, start) };
    let row = row.with("category_of_need", format!("N{}", said.need));
    match said.ended {
        Some(month) => row.ended(&format!("2026-{month:02}-01"), "E4A"),
        None => row,
    }
}

fn parcel(authority: &str, as_at: u8, step: &Step) -> Parcel {
    let day = format!("2026-07-{as_at:02}");
    let all = |rows: &Rows| -> Vec<Row> { rows.iter().map(|(child, said)| row(*child, *said)).collect() };
    let parcel = match step {
        Step::Full(rows) => on(&day, &all(rows)),
        Step::Window(from, rows) => on(&day, &all(rows)).window(&format!("2026-{from:02}-01")),
        Step::Changes(rows, deleted) => {
            let gone = deleted.iter().map(|child| episode(&child.to_string(), "2026-01-05").deleted());
            on(&day, &all(rows).into_iter().chain(gone).collect::<Vec<_>>()).changes()
        }
    };
    parcel.from(authority).correction()
}

fn rows() -> impl Strategy<Value = Rows> {
    let said = (1_u8..4, prop_oneof![Just(None), (2_u8..7).prop_map(Some)], any::<bool>());
    let said = said.prop_map(|(need, ended, away)| Said { need, ended, away });
    // A submission without a row has nothing usable in it.
    proptest::collection::btree_map(0..CHILDREN, said, 1..=CHILDREN)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => rows().prop_map(Step::Full),
        2 => (2_u8..8, rows()).prop_filter_map("a window has a row", |(from, mut rows)| {
            rows.retain(|_, said| covered(from, *said));
            (!rows.is_empty()).then_some(Step::Window(from, rows))
        }),
        3 => (rows(), proptest::collection::vec(0..CHILDREN, 0..2)).prop_map(|(mut rows, deleted)| {
            rows.retain(|child, _| !deleted.contains(child));
            Step::Changes(rows, deleted)
        }),
    ]
}

fn sends() -> BoxedStrategy<Move> {
    (1_u8..8, step()).prop_map(|(as_at, step)| Move::Send(as_at, step)).boxed()
}

fn sends_and_withdrawals() -> BoxedStrategy<Move> {
    prop_oneof![3 => sends(), 1 => (0_usize..3).prop_map(Move::Withdraw)].boxed()
}

/// One authority's history as it is played.
struct Play<'a> {
    rig: &'a Rig,
    authority: String,
    applied: Vec<(u8, i64, Step)>,
    kept: Vec<Submission>,
    /// What was believed after each change number.
    known: BTreeMap<i64, BTreeMap<String, String>>,
}

impl Play<'_> {
    async fn make(&mut self, one: &Move) {
        match one {
            Move::Send(as_at, step) => {
                let received = self.rig.receive(&parcel(&self.authority, *as_at, step)).await.unwrap();
                if received.replayed {
                    return;
                }
                self.rig.run().await;
                let sent = self.rig.submission(received.submission.authority, received.submission.id).await;
                assert!(sent.verdict.is_some_and(Verdict::is_applied), "{:?} {:?}", sent.verdict, sent.held_reason);
                self.applied.push((*as_at, sent.seq, step.clone()));
                self.kept.push(sent);
            }
            Move::Withdraw(nth) if *nth < self.kept.len() => {
                let gone = self.kept.remove(*nth);
                self.applied.remove(*nth);
                let withdrawn = submissions::withdraw(&self.rig.hub, gone.authority, gone.id).await.unwrap();
                assert_eq!(withdrawn.verdict, Some(Verdict::Withdrawn));
            }
            Move::Withdraw(_) => {}
        }
        self.check().await;
    }

    /// What is believed is the fold, hosts know of whom it places with them, and what was known is known as it was.
    async fn check(&mut self) {
        let believed = self.rig.believed_of(&self.authority, hub_domain::Dataset::Placements).await;
        let wanted = fold(&self.applied);
        let read = |(key, body): (&String, &String)| {
            let row: hub_domain::PlacementRow = hub_domain::record::from_body(body).unwrap();
            let child = number(key.split('/').next().unwrap());
            let ended = row.episode_end.map(|end: Date| u8::try_from(end.month()).unwrap());
            let need = row.category_of_need[1..].parse().unwrap();
            (child, Said { need, ended, away: row.placement_la.unwrap().as_str() == KENT })
        };
        assert_eq!(believed.iter().map(read).collect::<Rows>(), wanted);
        let open = Filter { open: true, limit: 100, ..Filter::default() };
        let live = notices::sent(&self.rig.hub, code(&self.authority), &open).await.unwrap();
        let live = live.iter().map(|known| (number(&known.notice.child_ref), known.notice.host.to_string()));
        // Nobody of these authorities lives at home: in Kent, or in Lewisham.
        let there = |said: &Said| if said.away { KENT } else { LEWISHAM }.to_owned();
        let placed = wanted.iter().filter(|(_, said)| said.ended.is_none());
        let placed: BTreeSet<_> = placed.map(|(child, said)| (*child, there(said))).collect();
        assert_eq!(live.collect::<BTreeSet<_>>(), placed);
        for (seq, known) in &self.known {
            assert_eq!(self.rig.as_known(&self.authority, *seq).await, *known, "as known at {seq}");
        }
        let last = self.rig.last_number(&self.authority).await;
        self.known.insert(last, believed);
    }
}

/// The number of a child of [`row`].
fn number(child_ref: &str) -> usize {
    child_ref.rsplit('_').next().unwrap().parse().unwrap()
}

/// What an environment variable says, as a number.
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn said(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What chance is drawn from: `HUB_SEED`, or a fresh one each run, said so that a failure can be played again.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let seed = said("HUB_SEED").unwrap_or_else(|| RandomState::new().hash_one("histories") % 1_000_000);
        eprintln!("HUB_SEED={seed} plays this run again");
        seed
    })
}

/// Histories of these moves, drawn by chance: `usual` of them, or `HUB_HISTORIES`.
fn histories(usual: usize, one: BoxedStrategy<Move>) -> Vec<Vec<Move>> {
    let count = said("HUB_HISTORIES").and_then(|many| usize::try_from(many).ok()).unwrap_or(usual);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed().to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let moves = (sends(), proptest::collection::vec(one, 2..6));
    let history = |_| {
        let (first, others) = moves.new_tree(&mut runner).unwrap().current();
        std::iter::once(first).chain(others).collect()
    };
    (0..count).map(history).collect()
}

/// Plays histories, and shows the one that fails.
async fn play(db: hub_testdb::TestDb, histories: Vec<Vec<Move>>) {
    let rig = Rig::over(db).await;
    for (nth, moves) in histories.iter().enumerate() {
        let _told = Told(nth, moves);
        // An authority to each history: they do not touch each other.
        let authority = format!("E{:08}", 7_000_001 + nth);
        let mut play = Play { rig: &rig, authority, applied: Vec::new(), kept: Vec::new(), known: BTreeMap::new() };
        for one in moves {
            play.make(one).await;
        }
    }
}

hub_testdb::on_both! {
    async fn belief_follows_the_date_and_never_the_arrival(db: TestDb) {
        play(db, histories(100, sends())).await;
    }

    async fn a_withdrawal_takes_its_submission_out_of_the_fold(db: TestDb) {
        play(db, histories(60, sends_and_withdrawals())).await;
    }
}

/// Says which history failed; [`seed`] has said how to play it again.
struct Told<'a>(usize, &'a [Move]);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("history {}: {:#?}", self.0, self.1);
        }
    }
}
