//! Waiting for a condition: looked at again and again, never longer than a bound.

use std::time::{Duration, Instant};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Looks until `look` gives something; `what` says what was waited for.
///
/// # Panics
/// When nothing has come within `patience`.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, patience: Duration, mut look: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain: {what}");
        tokio::time::sleep(LOOK).await;
    }
}

/// The same on a thread without a runtime.
///
/// # Panics
/// When nothing has come within `patience`.
#[track_caller]
pub fn until_blocking<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain: {what}");
        std::thread::sleep(LOOK);
    }
}
