//! The PostgreSQL server of this test process, whichever it is.

use std::sync::atomic::{AtomicU32, Ordering};

use hub_store::{Settings, Store, testing};
use tokio::sync::OnceCell;

use crate::binaries;
use crate::cluster::Cluster;

const TEMPLATE: &str = "hub_template";

/// Where databases for tests are made.
pub(crate) enum Server {
    /// Our own, with a migrated template.
    Own(Cluster),
    /// Somebody's: nothing is left behind there but databases of tests that were killed.
    Given(String),
}

/// The server, started by the first test that asks; `None` where there is none.
///
/// # Panics
/// With `HUB_REQUIRE_POSTGRES=1`, when there is none.
pub(crate) async fn server() -> Option<&'static Server> {
    static SERVER: OnceCell<Option<Server>> = OnceCell::const_new();
    SERVER.get_or_init(start).await.as_ref()
}

async fn start() -> Option<Server> {
    if let Some(url) = std::env::var_os("HUB_TEST_POSTGRES_URL") {
        return Some(Server::Given(url.into_string().expect("a URL")));
    }
    let Some(bin) = binaries::folder() else {
        let required = std::env::var_os("HUB_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
        assert!(!required, "HUB_REQUIRE_POSTGRES=1, and no PostgreSQL server is installed here");
        return None;
    };
    let cluster = tokio::task::spawn_blocking(move || Cluster::start(&bin)).await.expect("a cluster");
    let create = format!("CREATE DATABASE {TEMPLATE}");
    testing::query(&cluster.url("postgres"), &create).await.expect("a template database");
    migrate(&cluster.url(TEMPLATE)).await;
    Some(Server::Own(cluster))
}

/// A server of one test's own, configured as none should be.
pub struct Odd(Cluster);

impl Odd {
    /// Starts one with more lines in its configuration, such as `fsync = off`; `None`, having said so, where no server is
    /// installed.
    ///
    /// # Panics
    /// When one is installed and does not start, or `HUB_REQUIRE_POSTGRES=1` and none is.
    pub fn start(more: &str) -> Option<Self> {
        let Some(bin) = binaries::folder() else {
            let required = std::env::var_os("HUB_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
            assert!(!required, "HUB_REQUIRE_POSTGRES=1, and no PostgreSQL server is installed here");
            crate::say_not_run(&format!("a server with {more}: none is installed here"));
            return None;
        };
        Some(Self(Cluster::start_with(&bin, more)))
    }

    /// Its own database's URL; nothing is in it.
    pub fn url(&self) -> String {
        self.0.url("postgres")
    }
}

impl std::fmt::Debug for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Odd")
    }
}

impl Server {
    /// A migrated database that nobody else uses: its name and its URL.
    pub(crate) async fn create(&self) -> (String, String) {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("hub_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let url = self.url(&name);
        let admin = self.url("postgres");
        match self {
            Self::Own(_) => {
                let create = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}");
                testing::query(&admin, &create).await.expect("a copy of the template");
            }
            Self::Given(_) => {
                testing::query(&admin, &format!("CREATE DATABASE {name}")).await.expect("a database");
                migrate(&url).await;
            }
        }
        (name, url)
    }

    /// Drops a database, whoever is still connected to it.
    pub(crate) async fn drop(&self, name: &str) {
        let _ = testing::query(&self.url("postgres"), &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }

    fn url(&self, database: &str) -> String {
        match self {
            Self::Own(cluster) => cluster.url(database),
            Self::Given(url) => renamed(url, database),
        }
    }
}

/// The URL with another database's name in its path.
fn renamed(url: &str, database: &str) -> String {
    let (front, query) = url.split_once('?').map_or((url, None), |(front, query)| (front, Some(query)));
    let (scheme, rest) = front.split_once("://").expect("a URL with a scheme");
    let host = rest.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{host}/{database}{query}")
}

async fn migrate(url: &str) {
    let store = Store::open(&Settings { url: url.to_owned(), connections: 1 }).await.expect("the database opened");
    store.migrate().await.expect("the database migrated");
    store.close().await;
}
