//! What is promised of both databases, tested on both by one list.

#![cfg(test)]

mod belief;
mod decisions;
mod faults;
mod idempotency;
mod migrations;
mod safety;
mod statements;
mod submissions;
mod tenants;
mod transactions;
mod versions;

use hub_domain::{AuthorityCode, Dataset, Date, Mode, Timestamp};
use hub_store::submission::{self, State, Submission};
use hub_store::{Store, StoreError, Tx, record};
use uuid::Uuid;

/// Lewisham and Croydon.
fn lewisham() -> AuthorityCode {
    "E09000023".parse().unwrap()
}

fn croydon() -> AuthorityCode {
    "E09000008".parse().unwrap()
}

fn id(n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | n)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A submission as it is on arrival: number `seq`, arrived `seq` seconds into the day that it describes.
fn arrived(authority: AuthorityCode, seq: i64) -> Submission {
    let as_at = day("2026-11-20");
    Submission {
        authority,
        id: id(u64::try_from(seq).unwrap()),
        seq,
        dataset: Dataset::Placements,
        mode: Mode::Full,
        as_at,
        covers_from: None,
        correction: false,
        client: "agent".to_owned(),
        digest: format!("{seq:064x}"),
        bytes: 12,
        format: "csv".to_owned(),
        compression: "none".to_owned(),
        contract: "1.0.0".to_owned(),
        state: State::Received,
        verdict: None,
        held_reason: None,
        counts: None,
        received_at: Timestamp::from_second(1_795_000_000 + seq).unwrap(),
        decided_at: None,
    }
}

async fn keep(store: &Store, submissions: &[Submission]) {
    let mut tx = store.begin().await.unwrap();
    for submission in submissions {
        submission::insert(&mut tx, submission).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Opens a version of each key under `seq`; the body names key and number.
async fn open(tx: &mut Tx, authority: AuthorityCode, seq: i64, keys: &[&str]) -> Result<u64, StoreError> {
    let mut loader = record::Loader::new(authority, Dataset::Placements, seq, day("2026-11-20"));
    for key in keys {
        loader.push(tx, key, [seq.to_le_bytes()[0]; 16], &body(key, seq)).await?;
    }
    loader.finish(tx).await
}

fn body(key: &str, seq: i64) -> String {
    format!("[\"{key}\",{seq}]")
}

fn owned(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}
