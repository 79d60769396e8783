//! What is turned away at the door leaves nothing behind.

use hub_contract::Compression;
use hub_pipeline::receive::{ReceiveRefusal, Spool, SpoolError};

use crate::rig::{Parcel, Rig, Row, csv, episode, on};

/// Tables that a submission writes to.
const TABLES: [&str; 7] = ["submission", "payload", "idempotency", "job", "record", "notice", "sequence"];

/// Sends a parcel that the door must refuse, and sees that no row of any table was written.
async fn refused(rig: &Rig, parcel: &Parcel, code: &str) {
    let before = counts(rig).await;
    match rig.receive(parcel).await {
        Err(ReceiveRefusal::Door(refusal)) => {
            assert_eq!(&*refusal.code, code);
            let said = format!("{refusal:?}");
            assert!(!said.contains("made_up_child"), "nothing of a row is repeated: {said}");
        }
        other => panic!("{code}: {other:?}"),
    }
    assert_eq!(counts(rig).await, before, "{code}");
}

async fn counts(rig: &Rig) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push((table, rig.count(table).await));
    }
    counts
}

fn rows() -> Vec<Row> {
    (0..50).map(|n| episode(&n.to_string(), "2026-03-02")).collect()
}

/// Text that does not shrink, so that what is cut off is in the middle of the data.
fn noisy() -> Vec<u8> {
    let row = |n: u64| episode(&format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)), "2026-03-02");
    csv(&(0..2_000).map(row).collect::<Vec<_>>()).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

hub_testdb::on_both! {
    async fn over_collection_leaves_no_row_anywhere(db: TestDb) {
        let rig = Rig::over(db).await;
        refused(&rig, &on("2026-07-20", &[rows()[0].clone().with("framework_ref", "SE13 6LP")]), "full-postcode").await;
        refused(&rig, &on("2026-07-20", &[rows()[0].clone().with("birth_month", "2012-09-14")]), "date-of-birth").await;
        refused(&rig, &on("2026-07-20", &[rows()[0].clone().with("child_name", "x")]), "unknown-column").await;
        refused(&rig, &on("2026-07-20", &[]).csv(""), "empty-file").await;
    }

    async fn compressed_data_cut_short_is_refused(db: TestDb) {
        let rig = Rig::over(db).await;
        let plain = noisy();
        let packed = [
            (crate::rig::BROMLEY, Compression::Gzip, gzip(&plain)),
            (crate::rig::CROYDON, Compression::Zstd, zstd::encode_all(plain.as_slice(), 3).unwrap()),
        ];
        for (authority, compression, whole) in packed {
            let half = whole[..whole.len() / 2].to_vec();
            let but_one = whole[..whole.len() - 1].to_vec();
            for bytes in [half, but_one] {
                let parcel = on("2026-07-20", &[]).csv("").packed(compression, bytes);
                refused(&rig, &parcel, "compressed-data-broken").await;
            }
            let parcel = on("2026-07-20", &[]).csv("").packed(compression, whole);
            assert_eq!(rig.apply(&parcel.from(authority)).await.opened, 2_000);
        }
    }

    async fn a_wrong_digest_is_refused(db: TestDb) {
        let rig = Rig::over(db).await;
        let parcel = on("2026-07-20", &rows()).digest([7; 32]);
        assert!(matches!(rig.receive(&parcel).await, Err(ReceiveRefusal::Digest)));
        let right = parcel.upload().digest;
        assert!(rig.receive(&parcel.digest(right)).await.is_ok());
    }

    async fn a_window_needs_its_first_day_and_others_have_none(db: TestDb) {
        let rig = Rig::over(db).await;
        let late = on("2026-07-20", &rows()).window("2026-07-21");
        assert!(matches!(rig.receive(&late).await, Err(ReceiveRefusal::CoversFrom { needed: true })));
        let full = on("2026-07-20", &rows()).window("2026-07-01").full();
        assert!(matches!(rig.receive(&full).await, Err(ReceiveRefusal::CoversFrom { needed: false })));
        assert_eq!(rig.count("submission").await, 0);
    }
}

#[test]
fn a_spool_takes_no_byte_over_its_limit() {
    let mut spool = Spool::new(10);
    spool.push(&[0; 10]).unwrap();
    assert!(matches!(spool.push(&[0]), Err(SpoolError::TooLong { limit: 10 })));
}
