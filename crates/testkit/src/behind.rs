//! Looking behind a running hub, straight into its database.

use hub_store::testing;

/// What a query answers, every cell as text; numbers are to be cast in the query.
///
/// # Panics
/// When the query is wrong.
pub async fn rows(url: &str, sql: &str) -> Vec<Vec<String>> {
    let mut last = None;
    // SQLite in WAL mode may refuse a reader for a moment while another process recovers its log.
    for _ in 0..50 {
        match testing::query(url, sql).await {
            Ok(rows) => {
                return rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
            }
            Err(error) if url.starts_with("sqlite:") && format!("{error:?}").contains("locked") => last = Some(error),
            Err(error) => panic!("{sql}: {error:?}"),
        }
        tokio::task::yield_now().await;
    }
    panic!("{sql}: {last:?}")
}

/// How many rows `FROM …` has.
///
/// # Panics
/// When the query is wrong.
pub async fn count(url: &str, from: &str) -> u64 {
    let found = rows(url, &format!("SELECT CAST(COUNT(*) AS TEXT) {from}")).await;
    found[0][0].parse().expect("a number")
}
