//! Running one test on one database.

use std::io::Write as _;
use std::sync::Once;

use crate::{Backend, TestDb, fresh};

/// Runs `body` on a fresh database, in a runtime of its own with two threads.
///
/// Without a PostgreSQL server the PostgreSQL half returns at once, having said so; see the crate's head.
pub fn run<F>(backend: Backend, body: impl FnOnce(TestDb) -> F)
where
    F: Future<Output = ()>,
{
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        match fresh(backend).await {
            Some(db) => body(db).await,
            None => say_once(),
        }
    });
}

/// Says that a test did not run, and why: past the harness's capture, for it must be seen.
pub fn say_not_run(words: &str) {
    let _ = std::io::stderr().write_all(format!("NOT RUN: {words}\n").as_bytes());
}

fn say_once() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let program = std::env::args().next().unwrap_or_default();
        say_not_run(&format!(
            "the PostgreSQL half of {program}: no server is installed here (initdb is not on PATH) and \
             HUB_TEST_POSTGRES_URL names none"
        ));
    });
}
