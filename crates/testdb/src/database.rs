//! One test's database.

use hub_store::{Settings, Store};
use tempfile::TempDir;

use crate::server::server;

/// Connections that a test's store may have.
const CONNECTIONS: u32 = 4;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Backend {
    /// `sqlite` or `postgres`, as [`Store::kind`] says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A migrated database, gone when dropped.
#[derive(Debug)]
pub struct TestDb {
    backend: Backend,
    url: String,
    store: Store,
    /// Deletes itself, or its database, when dropped; after the store, whose files or connections it takes away.
    _place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _dir: TempDir },
    Database { name: String },
}

/// A fresh, migrated database; `None` when it would be PostgreSQL's and there is no server.
///
/// # Panics
/// When there is a server and it does not do what it should, or `HUB_REQUIRE_POSTGRES=1` and there is none.
pub async fn fresh(backend: Backend) -> Option<TestDb> {
    let (url, place) = match backend {
        Backend::Sqlite => {
            let dir = tempfile::tempdir().expect("a temporary folder");
            (format!("sqlite:{}", dir.path().join("hub.db").display()), Place::Folder { _dir: dir })
        }
        Backend::Postgres => {
            let (name, url) = server().await?.create().await;
            (url, Place::Database { name })
        }
    };
    let store = open(&url, CONNECTIONS).await;
    if backend == Backend::Sqlite {
        store.migrate().await.expect("the database migrated");
    }
    Some(TestDb { backend, url, store, _place: place })
}

async fn open(url: &str, connections: u32) -> Store {
    Store::open(&Settings { url: url.to_owned(), connections }).await.expect("the database opened")
}

impl TestDb {
    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The store, open, with four connections.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What a hub would be told with `--database-url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same database opened again, as a second replica would.
    pub async fn reopen(&self, connections: u32) -> Store {
        open(&self.url, connections).await
    }
}

async fn drop_database(name: &str) {
    if let Some(server) = server().await {
        server.drop(name).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Self::Database { name } = self else { return };
        let name = std::mem::take(name);
        // A thread with its own runtime: this may be dropped inside one, and while a test fails.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(drop_database(&name));
        });
        let _ = dropped.join();
    }
}
