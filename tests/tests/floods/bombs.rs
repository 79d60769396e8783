//! A gibibyte in a small parcel, and parcels that are too big.

use std::io::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use hub_testkit::{Child, Feed, authority, count};

use crate::hub;

/// What a bomb swells to.
const PLAIN: usize = 1 << 30;
/// Longest time until it is refused.
const LONGEST: Duration = Duration::from_secs(5);
/// Most memory that a bomb may cost.
const MOST: u64 = 64 << 20;

/// A heading, and a mebibyte of good rows to be repeated.
fn pieces() -> &'static (Vec<u8>, Vec<u8>) {
    static PIECES: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    PIECES.get_or_init(|| {
        let feed = Feed::placements(authority("lewisham"), "", &[Child::placed("bomb", "E09000023")]);
        let end = feed.body.iter().position(|byte| *byte == b'\n').expect("a heading") + 1;
        let (heading, row) = feed.body.split_at(end);
        (heading.to_vec(), row.repeat((1 << 20) / row.len()))
    })
}

/// Compressed once and repeated: each piece ends on a byte and forgets what came before it.
fn gzip() -> Vec<u8> {
    let (heading, rows) = pieces();
    let mut deflate = Compress::new(Compression::default(), false);
    let mut squeeze = |plain: &[u8]| {
        let mut packed = Vec::with_capacity(1 << 20);
        deflate.compress_vec(plain, &mut packed, FlushCompress::Full).expect("compressed");
        packed
    };
    let (heading, rows) = (squeeze(heading), squeeze(rows));
    let mut bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    bomb.extend(heading);
    bomb.extend(rows.repeat(PLAIN >> 20));
    bomb
}

fn zstd() -> Vec<u8> {
    let (heading, rows) = pieces();
    let mut to = zstd::Encoder::new(Vec::new(), 1).expect("an encoder");
    to.write_all(heading).expect("written");
    for _ in 0..PLAIN >> 20 {
        to.write_all(rows).expect("written");
    }
    to.finish().expect("finished")
}

/// One explosion: how long the answer took, what it was, and what it cost in memory.
#[derive(Debug)]
struct Blast {
    took: Duration,
    status: u16,
    code: String,
    grown: u64,
}

fn faults(blast: &Blast) -> Vec<String> {
    let mut found = Vec::new();
    if !(blast.status == 413 || blast.status == 422) {
        found.push(format!("not refused: {} {}", blast.status, blast.code));
    }
    if blast.took > LONGEST {
        found.push(format!("refused after {:?}", blast.took));
    }
    if blast.grown > MOST {
        found.push(format!("{} MiB more memory", blast.grown >> 20));
    }
    found
}

#[test]
fn a_blast_that_does_harm_is_noticed() {
    let harmless = Blast { took: Duration::from_secs(1), status: 422, code: String::new(), grown: 1 << 20 };
    assert_eq!(faults(&harmless), Vec::<String>::new());
    assert_eq!(faults(&Blast { status: 202, took: Duration::from_secs(6), grown: 65 << 20, ..harmless }).len(), 3);
}

hub_testdb::on_both! {
    async fn a_gibibyte_in_a_small_parcel_is_refused(db: TestDb) {
        let (process, caller) = hub(&db, &[]).await;
        let plain = Feed::placements(authority("lewisham"), "", &[]);
        for (name, bomb) in [("gzip", gzip()), ("zstd", zstd())] {
            for (declared, dry_run) in [(true, false), (false, false), (true, true)] {
                let headers = if declared { vec![("content-encoding", name.to_owned())] } else { Vec::new() };
                let feed = Feed { key: format!("{name}-{declared}-{dry_run}"), headers, dry_run, body: bomb.clone(), ..plain.clone() };
                let (before, _) = process.memory();
                let began = Instant::now();
                let answer = caller.submit(&feed).await;
                let (took, (_, most)) = (began.elapsed(), process.memory());
                let blast = Blast { took, status: answer.status, code: answer.code(), grown: most.saturating_sub(before) };
                eprintln!("{}: {} KiB of {name}: {blast:?}", db.store().kind(), feed.body.len() >> 10);
                assert_eq!(faults(&blast), Vec::<String>::new(), "{}", answer.text());
            }
        }
        assert_eq!(count(db.url(), "FROM submission").await, 0, "nothing of it is kept");
        let fine = Feed::placements(authority("lewisham"), "fine", &[Child::placed("after", "E09000023")]);
        assert_eq!(caller.submit(&fine).await.status, 202, "and the hub goes on");
    }

    async fn a_parcel_over_the_limit_is_refused_by_its_label_or_as_it_comes(db: TestDb) {
        let (_process, caller) = hub(&db, &["--upload-mib", "1"]).await;
        let big = Feed::of(authority("lewisham"), hub_domain::Dataset::Placements, "big", vec![b'x'; 2 << 20]);
        assert_eq!(caller.submit(&big).await.code(), "too-large");
        let pieces = futures_util::stream::iter((0..64).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 32 << 10])));
        let mut request = caller.request("POST", &big.path()).body(reqwest::Body::wrap_stream(pieces));
        for (name, value) in big.headers() {
            request = request.header(name, value);
        }
        // The hub hangs up on what it will not read; whether the answer is seen first is the network's affair.
        match caller.try_send(request).await {
            Ok(answer) => assert_eq!((answer.status, answer.code().as_str()), (413, "too-large")),
            Err(error) => assert!(!error.is_timeout(), "{error}"),
        }
        assert_eq!(count(db.url(), "FROM submission").await, 0);
        let small = serde_json::json!({ "note": "x".repeat(70 << 10) });
        assert_eq!(caller.post("/oauth/token", &small).await.status, 415);
        let form = [("client_id", "x".repeat(70 << 10))];
        assert_eq!(caller.send(caller.request("POST", "/oauth/token").form(&form)).await.code(), "too-large");
    }
}
