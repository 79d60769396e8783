//! Why a submission is not taken.

use hub_contract::Refusal;
use hub_domain::Dataset;
use jiff::civil::Date;

use crate::Fault;

/// A refusal that the sender can act on, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveRefusal {
    /// The same `Idempotency-Key` came before with another request.
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
    /// The first request with this key is still being received.
    #[error("a request with this Idempotency-Key is still being received")]
    InProgress,
    /// The bytes do not have the digest that was declared.
    #[error("the body does not have the declared SHA-256")]
    Digest,
    /// `covers_from` is missing with `window`, or given with another mode, or later than `as_at`.
    #[error("covers_from goes with mode=window, and is not after as_at")]
    CoversFrom {
        /// Whether it is needed.
        needed: bool,
    },
    /// An older business date than the last accepted or yet to be judged, not declared a correction.
    #[error("a submission as at {last} has been taken already")]
    Stale {
        /// Business date of that submission.
        last: Date,
    },
    /// A business date that has not come.
    #[error("as_at is after today, {today}")]
    Future {
        /// Today in London.
        today: Date,
    },
    /// The dataset is sent by the region's own sender, or by authorities, and this is the other (decision 0022).
    #[error("{dataset} is not this sender's to send")]
    Sender {
        /// Which dataset.
        dataset: Dataset,
    },
    /// The file is refused at the door: nothing of it is stored.
    #[error("the file is refused: {}", .0.code)]
    Door(Box<Refusal>),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}
