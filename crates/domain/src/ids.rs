//! Ids, as an argument.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Makes ids that sort by the time they were made.
pub trait IdSource: Send + Sync + Debug {
    /// A fresh id.
    fn next(&self) -> Uuid;
}

/// RFC 9562 version 7 ids.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// `…-000000000001`, `…-000000000002`, …: for tests and for a demonstration that reads alike each time.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl IdSource for SequentialIds {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | n)
    }
}
