//! Opening a database, and refusing one that would acknowledge before stable storage.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, PgPool, Row as _, SqlSafeStr as _, SqlitePool};

use super::{Pools, Store, StoreError};
use crate::boxed;

/// Where the database is and how many connections it may have.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    pub connections: u32,
}

/// Migration number, name and the two texts. A released file never changes: its checksum is kept in the database.
macro_rules! migrations {
    ($($version:literal $name:literal;)*) => {
        &[$((
            $version,
            $name,
            include_str!(concat!("../../../../migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("../../../../migrations/postgres/", $name, ".sql")),
        )),*]
    };
}

const MIGRATIONS: &[(i64, &str, &str, &str)] = migrations! {
    1 "0001_exchange";
    2 "0002_work";
    3 "0003_notices";
    4 "0004_release";
    5 "0005_identity";
    6 "0006_tenants";
    7 "0007_statements";
    8 "0008_reconciliation";
    9 "0009_ladder";
    10 "0010_sealed";
    11 "0011_endpoints";
    12 "0012_known";
    13 "0013_release_gate";
    14 "0014_population";
    15 "0015_holiday";
    16 "0016_provenance";
    17 "0017_reporting";
    18 "0018_replaced_vacancies";
    19 "0019_told";
    20 "0020_people";
    21 "0021_audit";
    23 "0023_sources";
    24 "0024_trend";
};

/// How long whoever wants a connection waits for one. A primary that died is away for longer (its lease is 20 s): whoever would
/// write is told to come back, rather than left to wait.
const SOON: Duration = Duration::from_secs(15);

/// How long a PostgreSQL server is waited for when the hub starts.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the database. Does not migrate it.
    ///
    /// # Errors
    /// [`StoreError::Unsafe`] when the URL names no database known here, or the server would acknowledge a commit before
    /// it is on stable storage (`fsync` or `synchronous_commit` off), or no server answers within five seconds.
    #[boxed]
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        match settings.url.split(':').next() {
            Some("sqlite") => open_sqlite(settings).await,
            Some("postgres" | "postgresql") => open_postgres(settings).await,
            _ => Err(StoreError::Unsafe("the database URL must begin with sqlite: or postgres:".to_owned())),
        }
    }

    /// The level that [`Store::migrate`] brings a schema to.
    pub fn level() -> i64 {
        MIGRATIONS.last().map_or(0, |migration| migration.0)
    }

    /// Brings the schema up to date, one process at a time, and returns its level.
    ///
    /// On PostgreSQL it runs on a connection of its own: after a failed migration a pooled one could keep the advisory
    /// lock. SQLite has no such lock between processes: who loses the race finds the work done when it looks again.
    #[boxed]
    pub async fn migrate(&self) -> Result<i64, StoreError> {
        match &self.0 {
            Pools::Sqlite { write, .. } => migrate_sqlite(write).await?,
            Pools::Postgres(pool) => migrate_postgres(pool).await?,
        }
        Ok(Self::level())
    }
}

async fn migrate_sqlite(write: &SqlitePool) -> Result<(), StoreError> {
    if migrator(false).run(write).await.is_ok() {
        return Ok(());
    }
    Ok(migrator(false).run(write).await?)
}

async fn migrate_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let options = pool.connect_options().as_ref().clone();
    let apart = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
    let done = migrator(true).run(&apart).await;
    apart.close().await;
    Ok(done?)
}

/// Rows that SQLite's thread reads ahead of us: fewer, and the two wake each other more often than they work.
const ROWS_AHEAD: usize = 1_024;

/// The writer's page cache in KiB (negative by SQLite's convention): a night's scattered changes stay in it.
const WRITERS_CACHE: &str = "-16384";

fn migrator(postgres: bool) -> Migrator {
    let all = MIGRATIONS.iter().map(|&(version, name, sqlite_text, postgres_text)| {
        let text = if postgres { postgres_text } else { sqlite_text };
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(all.collect())
}

async fn open_sqlite(settings: &Settings) -> Result<Store, StoreError> {
    let options = SqliteConnectOptions::from_str(&settings.url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .row_buffer_size(ROWS_AHEAD)
        .log_statements(tracing::log::LevelFilter::Off)
        .log_slow_statements(tracing::log::LevelFilter::Off, Duration::from_secs(1));
    let write: SqlitePool = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.clone().pragma("cache_size", WRITERS_CACHE))
        .await?;
    let mut connection = write.acquire().await?;
    let level: i64 = sqlx::query("PRAGMA synchronous").fetch_one(&mut *connection).await?.try_get(0)?;
    drop(connection);
    if level < 2 {
        return Err(StoreError::Unsafe(
            "SQLite would acknowledge before stable storage (synchronous < FULL)".to_owned(),
        ));
    }
    let read = SqlitePoolOptions::new()
        .max_connections(settings.connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options)
        .await?;
    Ok(Store(Pools::Sqlite { read, write }))
}

async fn open_postgres(settings: &Settings) -> Result<Store, StoreError> {
    let options = PgConnectOptions::from_str(&settings.url)?
        .application_name("sufficiency-hub")
        .log_statements(tracing::log::LevelFilter::Off)
        .log_slow_statements(tracing::log::LevelFilter::Off, Duration::from_secs(1));
    reach(&options).await?;
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(settings.connections)
        .acquire_timeout(SOON)
        // Instead of the driver's ping, which a connection that is one answer behind would pass.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_in_step(connection).await) }))
        .connect_with(options)
        .await?;
    for setting in ["SHOW fsync", "SHOW synchronous_commit", "SHOW full_page_writes"] {
        let value: String = sqlx::query(setting).fetch_one(&pool).await?.try_get(0)?;
        if value == "off" {
            return Err(StoreError::Unsafe(format!(
                "PostgreSQL would acknowledge before stable storage: {setting} is off"
            )));
        }
    }
    Ok(Store(Pools::Postgres(pool)))
}

/// Sees whether a server is there at all: later a pool waits longer, for a server that is known to come back.
async fn reach(options: &PgConnectOptions) -> Result<(), StoreError> {
    let first = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options.clone());
    match tokio::time::timeout(PATIENCE, first).await {
        Ok(Ok(pool)) => {
            pool.close().await;
            Ok(())
        }
        Err(_) | Ok(Err(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))) => Err(StoreError::Unsafe(format!(
            "no PostgreSQL server answered at {}:{} within {} s: see whether it runs, and whether host and port of the \
             database URL are right",
            options.get_host(),
            options.get_port(),
            PATIENCE.as_secs()
        ))),
        Ok(Err(error)) => Err(error.into()),
    }
}

/// Whether a pooled connection answers what it is asked.
///
/// A future dropped in the middle of a statement can leave its connection an answer behind, and whoever got it next would
/// read somebody else's rows. Such a connection is thrown away.
async fn is_in_step(connection: &mut sqlx::PgConnection) -> bool {
    let answer = sqlx::query("SELECT 'in step' AS word").fetch_all(connection).await;
    let words = answer.map(|rows| rows.iter().map(|row| row.try_get::<String, _>(0).ok()).collect::<Vec<_>>());
    words.is_ok_and(|words| words == [Some("in step".to_owned())])
}
