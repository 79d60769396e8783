//! Other people's programs, as the things measured against.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// How long a command took; an error if it failed.
pub fn timed(command: &mut Command) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let done = command.output().with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
    let took = began.elapsed();
    if !done.status.success() {
        bail!("{} failed: {}", command.get_program().to_string_lossy(), String::from_utf8_lossy(&done.stderr));
    }
    Ok(took)
}

/// `psql \copy` of the file into a new logged table with a primary key and two indexes.
pub fn copy(url: &str, csv: &Path, columns: &[&str]) -> anyhow::Result<Duration> {
    let types = columns.iter().map(|column| {
        let kind = match *column {
            "episode_start" | "episode_end" => "date",
            "distance_miles" | "weekly_cost" => "numeric",
            "uasc" => "boolean",
            _ => "text",
        };
        format!("{column} {kind}")
    });
    let table = types.collect::<Vec<_>>().join(", ");
    let prepare = format!(
        "DROP TABLE IF EXISTS plain; CREATE TABLE plain ({table}, PRIMARY KEY (child_ref, episode_start)); \
         CREATE INDEX ON plain (placement_la); CREATE INDEX ON plain (setting_ref); CHECKPOINT;"
    );
    timed(Command::new("psql").args([url, "-q", "-v", "ON_ERROR_STOP=1", "-c", &prepare]))?;
    let copy = format!("\\copy plain FROM '{}' WITH (FORMAT csv, HEADER true)", csv.display());
    timed(Command::new("psql").args([url, "-q", "-v", "ON_ERROR_STOP=1", "-c", &copy]))
}

const EXECUTEMANY: &str = r#"
import csv, sqlite3, sys
path, db = sys.argv[1], sys.argv[2]
con = sqlite3.connect(db)
con.execute("PRAGMA journal_mode=WAL"); con.execute("PRAGMA synchronous=FULL")
rows = csv.reader(open(path, newline=""))
head = next(rows)
con.execute("CREATE TABLE plain (%s, PRIMARY KEY (child_ref, episode_start))" % ", ".join(head))
con.execute("CREATE INDEX a ON plain (placement_la)"); con.execute("CREATE INDEX b ON plain (setting_ref)")
con.commit()
with con:
    con.executemany("INSERT INTO plain VALUES (%s)" % ",".join("?" * len(head)), rows)
con.close()
"#;

/// Python's `sqlite3.executemany` of the file in one transaction, into a new table with the same keys.
pub fn executemany(csv: &Path, folder: &Path) -> anyhow::Result<Duration> {
    let database = folder.join("plain.sqlite");
    let _ = std::fs::remove_file(&database);
    timed(Command::new("python3").arg("-c").arg(EXECUTEMANY).arg(csv).arg(&database))
}
