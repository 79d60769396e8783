//! How fast record versions are loaded, found again and closed: the store alone, beside the same rows written by other
//! means into a table with a primary key and two indexes.
//!
//! `cargo run --release -p hub-store --example load_speed -- [ROWS] [PAIRS] [sqlite|postgres]`

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hub_domain::{AuthorityCode, Dataset};
use hub_store::{Store, record};
use hub_testdb::{Backend, TestDb, fresh, tool};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rows in no order of key, as pseudonyms come: (key, fingerprint, body).
fn row(i: u64) -> (String, [u8; 16], String) {
    let mixed = |salt: u64| {
        let mut x = i.wrapping_add(salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let child = format!("{:016x}{:08x}", mixed(1), mixed(2) >> 32);
    let start = format!("20{:02}-{:02}-{:02}", 10 + mixed(3) % 16, 1 + mixed(4) % 12, 1 + mixed(5) % 28);
    let mut fingerprint = [0; 16];
    fingerprint[..8].copy_from_slice(&mixed(6).to_be_bytes());
    fingerprint[8..].copy_from_slice(&mixed(7).to_be_bytes());
    let body = format!(
        "[\"{child}\",\"{start}\",\"S\",\"N1\",\"C2\",\"U4\",null,null,null,\"E09000023\",\"E09000008\",{},\"SC{:06}\",\
         \"PR4\",null,\"2014-05\",\"F\",\"WBRI\",false,{},\"framework\",\"FW{}\",null,\"registered\",\"foster_carer\",true]",
        f64::from(u32::try_from(mixed(8) % 900).unwrap_or(0)) / 10.0,
        mixed(9) % 1_000_000,
        60_000 + mixed(10) % 400_000,
        mixed(11) % 40,
    );
    (format!("{child}/{start}"), fingerprint, body)
}

fn csv(rows: u64, path: &Path) -> Outcome<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for i in 0..rows {
        let (_, _, body) = row(i);
        writeln!(file, "{}", body.trim_matches(['[', ']']).replace("null", ""))?;
    }
    Ok(file.flush()?)
}

fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let rows: u64 = words.next().map_or(Ok(1_000_000), |word| word.parse())?;
    let pairs: usize = words.next().map_or(Ok(3), |word| word.parse())?;
    let only = words.next();
    let folder = tempfile::tempdir()?;
    let csv_path = folder.path().join("rows.csv");
    csv(rows, &csv_path)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for backend in [Backend::Postgres, Backend::Sqlite].repeat(pairs) {
        if only.as_deref().is_none_or(|only| only == backend.name()) {
            runtime.block_on(pair(backend, rows, &csv_path))?;
        }
    }
    Ok(())
}

/// The rows written by other means, then by the store.
async fn pair(backend: Backend, rows: u64, csv: &Path) -> Outcome<()> {
    let Some(db) = fresh(backend).await else {
        return Ok(());
    };
    let beside = match backend {
        Backend::Postgres => copy(&db, csv)?,
        Backend::Sqlite => executemany(csv)?,
    };
    measure(&db, rows, beside).await
}

async fn measure(db: &TestDb, rows: u64, beside: Duration) -> Outcome<()> {
    let authority: AuthorityCode = "E09000023".parse()?;
    let dataset = Dataset::Placements;
    let made = Instant::now();
    let bytes: usize = (0..rows).map(|i| row(i).2.len()).sum();
    let made = made.elapsed();
    let loaded = load(db.store(), authority, rows).await?;
    let after_load = peak();
    let began = Instant::now();
    let mut read = db.store().read().await?;
    let (mut seen, mut sum) = (0_u64, 0_u8);
    let mut some = Vec::new();
    record::believed_index(&mut read, authority, dataset, |key, fingerprint| {
        seen += 1;
        sum ^= fingerprint[0];
        if seen % 100 == 0 {
            some.push(key.to_owned());
        }
        Ok(())
    })
    .await?;
    let index = began.elapsed();
    let began = Instant::now();
    let mut bodies = 0;
    record::believed(&mut read, authority, dataset, |_, body| {
        bodies += body.len();
        Ok(())
    })
    .await?;
    let whole = began.elapsed();
    drop(read);
    let (closed, found, prefixed) = change(db.store(), authority, &some).await?;
    let net = loaded.saturating_sub(made);
    writeln!(
        std::io::stdout(),
        "{:8} {rows} rows of {} bytes: beside {beside:.2?}; load {loaded:.2?} (of which making rows {made:.2?}), ratio {:.2}; \
         index {index:.2?}; bodies {whole:.2?}; 1 %: by keys {found:.2?}, by prefixes {prefixed:.2?}, close and load {closed:.2?} \
         [{sum} {bodies}] peak {after_load}, {}",
        db.backend().name(),
        bytes as u64 / rows,
        net.as_secs_f64() / beside.as_secs_f64(),
        peak(),
    )?;
    Ok(())
}

async fn load(store: &Store, authority: AuthorityCode, rows: u64) -> Outcome<Duration> {
    let began = Instant::now();
    let mut tx = store.begin().await?;
    let mut loader = record::Loader::new(authority, Dataset::Placements, 1, "2026-11-20".parse()?);
    for i in 0..rows {
        let (key, fingerprint, body) = row(i);
        loader.push(&mut tx, &key, fingerprint, &body).await?;
    }
    loader.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(began.elapsed())
}

async fn change(store: &Store, authority: AuthorityCode, keys: &[String]) -> Outcome<(Duration, Duration, Duration)> {
    let dataset = Dataset::Placements;
    let mut tx = store.begin().await?;
    let began = Instant::now();
    let found = record::by_keys(&mut tx, authority, dataset, keys).await?;
    let by_keys = began.elapsed();
    let began = Instant::now();
    let prefixes: Vec<String> = keys.iter().map(|key| key.split('/').next().unwrap_or(key).to_owned() + "/").collect();
    let prefixed = record::by_prefixes(&mut tx, authority, dataset, &prefixes).await?;
    let by_prefixes = began.elapsed();
    assert_eq!((found.len(), prefixed.len()), (keys.len(), keys.len()));
    let began = Instant::now();
    assert_eq!(record::close(&mut tx, authority, dataset, 2, keys).await?, keys.len() as u64);
    let mut loader = record::Loader::new(authority, dataset, 2, "2026-11-21".parse()?);
    for version in &found {
        loader.push(&mut tx, &version.key, version.fingerprint, &version.body).await?;
    }
    loader.finish(&mut tx).await?;
    tx.commit().await?;
    Ok((began.elapsed(), by_keys, by_prefixes))
}

const COLUMNS: usize = 26;

/// `\copy` of the CSV into a logged table with a primary key and two indexes.
fn copy(db: &TestDb, csv: &Path) -> Outcome<Duration> {
    let psql = tool("psql").ok_or("psql is not installed")?;
    let columns: Vec<String> = (1..=COLUMNS).map(|n| format!("c{n} text")).collect();
    let run = |sql: &str| -> Outcome<Duration> {
        let began = Instant::now();
        let done = Command::new(&psql).args(["-X", "-q", "-d", db.url(), "-c", sql]).stdout(Stdio::null()).status()?;
        assert!(done.success());
        Ok(began.elapsed())
    };
    run(&format!("CREATE TABLE beside ({}, PRIMARY KEY (c1, c2))", columns.join(",")))?;
    run("CREATE INDEX ON beside (c11, c2)")?;
    run("CREATE INDEX ON beside (c13)")?;
    let took = run(&format!("\\copy beside FROM '{}' (FORMAT csv)", csv.display()))?;
    run("DROP TABLE beside")?;
    run("CHECKPOINT")?;
    Ok(took)
}

/// Python's `executemany` of the same rows in one transaction.
fn executemany(csv: &Path) -> Outcome<Duration> {
    let program = r"
import csv, sqlite3, sys, time
path, rows = sys.argv[1], sys.argv[2]
db = sqlite3.connect(path)
n = 26
db.execute('CREATE TABLE beside (' + ','.join(f'c{i} TEXT' for i in range(1, n + 1)) + ', PRIMARY KEY (c1, c2))')
db.execute('CREATE INDEX one ON beside (c11, c2)')
db.execute('CREATE INDEX two ON beside (c13)')
db.commit()
began = time.time()
with open(rows, newline='') as f:
    db.executemany('INSERT INTO beside VALUES (' + ','.join('?' * n) + ')', csv.reader(f))
db.commit()
print(time.time() - began)
";
    let path = csv.with_extension("db");
    let done = Command::new("python3").args(["-c", program]).arg(&path).arg(csv).output()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::remove_file(path)?;
    Ok(Duration::from_secs_f64(String::from_utf8(done.stdout)?.trim().parse()?))
}

/// The process's largest resident set so far.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim().to_owned()
}
