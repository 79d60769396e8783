use hub_domain::{AuthorityCode, Dataset, Date, Mode, Timestamp};
use hub_store::submission::{Counts, State, Submission, Verdict};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A submission as its sender sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Submission)]
pub(crate) struct View {
    /// Its id.
    pub(crate) id: Uuid,
    /// Whose records it is about.
    #[schema(value_type = String, example = "E09000023")]
    pub(crate) authority: AuthorityCode,
    /// Which contract.
    #[schema(value_type = String, example = "placements")]
    pub(crate) dataset: Dataset,
    /// How much it covers: `full`, `window` or `changes`.
    #[schema(value_type = String, example = "full")]
    pub(crate) mode: Mode,
    /// The business date it describes.
    #[schema(value_type = String, format = Date)]
    pub(crate) as_at: Date,
    /// With `window`, the first end date covered.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) covers_from: Option<Date>,
    /// It was declared a correction of an older date.
    pub(crate) correction: bool,
    /// `received`, then `decided`; one that was held is `confirmed` until it is decided again.
    #[schema(value_type = String)]
    pub(crate) state: State,
    /// `accepted`, `accepted_with_findings`, `held`, `rejected`, later `withdrawn` or `superseded`; absent until decided.
    #[schema(value_type = Option<String>)]
    pub(crate) verdict: Option<Verdict>,
    /// Why it is held.
    pub(crate) held_reason: Option<String>,
    /// What it came to, in rows.
    pub(crate) counts: Option<RowCounts>,
    /// The client that sent it.
    pub(crate) sender: String,
    /// SHA-256 of the bytes as sent, hexadecimal.
    pub(crate) digest: String,
    /// Bytes as sent.
    pub(crate) bytes: i64,
    /// `csv` or `ndjson`.
    pub(crate) format: String,
    /// Version of the contract it was judged by.
    pub(crate) contract: String,
    /// Its place in the authority's own order.
    pub(crate) position: i64,
    /// When it was committed.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) received_at: Timestamp,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) decided_at: Option<Timestamp>,
    /// The signed receipt (JWS), when one submission is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) receipt: Option<String>,
    /// Where its findings are.
    pub(crate) findings: String,
}

/// What a submission came to, in rows and records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowCounts {
    /// Rows in what was sent.
    rows_read: u64,
    /// Rows taken.
    rows_accepted: u64,
    /// Rows with an error, left out.
    rows_rejected: u64,
    /// Records not believed before.
    opened: u64,
    /// Records believed otherwise before.
    amended: u64,
    /// Records no longer believed.
    closed: u64,
    /// Records believed already.
    unchanged: u64,
}

impl From<Counts> for RowCounts {
    fn from(counts: Counts) -> Self {
        let Counts { rows_read, rows_accepted, rows_rejected, opened, amended, closed, unchanged } = counts;
        Self { rows_read, rows_accepted, rows_rejected, opened, amended, closed, unchanged }
    }
}

impl From<Submission> for View {
    fn from(kept: Submission) -> Self {
        Self {
            findings: format!("/v1/submissions/{}/findings", kept.id),
            id: kept.id,
            authority: kept.authority,
            dataset: kept.dataset,
            mode: kept.mode,
            as_at: kept.as_at,
            covers_from: kept.covers_from,
            correction: kept.correction,
            state: kept.state,
            verdict: kept.verdict,
            held_reason: kept.held_reason,
            counts: kept.counts.map(RowCounts::from),
            sender: kept.client,
            digest: kept.digest,
            bytes: kept.bytes,
            format: kept.format,
            contract: kept.contract,
            position: kept.seq,
            received_at: kept.received_at,
            decided_at: kept.decided_at,
            receipt: None,
        }
    }
}
