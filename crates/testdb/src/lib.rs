//! A migrated database of its own for each test, on both backends.
//!
//! SQLite is a file in a temporary folder. PostgreSQL is a private cluster, started once per test process from whatever
//! server is installed, and deleted when the process ends, however it ends. `HUB_TEST_POSTGRES_URL` names a server to
//! use instead. Where there is none, the PostgreSQL half says once that it did not run; with `HUB_REQUIRE_POSTGRES=1`
//! it fails.
//!
//! ```
//! hub_testdb::on_both! {
//!     async fn answers_to_its_kind(db: TestDb) {
//!         assert_eq!(db.store().kind(), db.backend().name());
//!     }
//! }
//! ```

mod binaries;
mod cluster;
mod database;
mod run;
mod server;

pub use binaries::tool;
pub use database::{Backend, TestDb, fresh};
pub use run::{run, say_not_run};
pub use server::Odd;

/// Stamps each test for both databases: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)*) => {
        $crate::stamp! { $crate::run, $crate::TestDb: $($(#[$meta])* async fn $name($db) $body)* }
    };
}

/// What `on_both` is made of, here and wherever tests ask for more than a database: what runs a test, and what it is given.
#[macro_export]
macro_rules! stamp {
    ($run:path, $given:path: $($(#[$meta:meta])* async fn $name:ident($it:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn on_one($it: $given) $body

            #[test]
            fn sqlite() {
                $run($crate::Backend::Sqlite, on_one);
            }

            #[test]
            fn postgres() {
                $run($crate::Backend::Postgres, on_one);
            }
        }
    )*};
}
