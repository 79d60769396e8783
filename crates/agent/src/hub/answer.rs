//! What the hub answers.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::HubError;

/// Longest body that is read as a problem.
const LONGEST_PROBLEM: usize = 64 * 1024;

/// A submission as the hub knows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Submitted {
    /// Its id; blank for a dry run, which is not kept.
    pub id: String,
    /// `received`, `decided`, `confirmed`…
    pub state: String,
    /// `accepted`, `accepted_with_findings`, `held`, `rejected`, later `withdrawn` or `superseded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Why it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_reason: Option<String>,
    /// Rows read and what became of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// The signed receipt, a JWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Everything else the hub said.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows in the submission.
    pub rows_read: u64,
    /// Rows without errors.
    pub rows_accepted: u64,
    /// Rows with errors, left out.
    pub rows_rejected: u64,
    /// Records the hub did not hold before.
    pub opened: u64,
    /// Records that changed.
    pub amended: u64,
    /// Records no longer present.
    pub closed: u64,
    /// Records that say what they said before.
    pub unchanged: u64,
}

/// A refusal (RFC 9457).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code, such as `stale-submission`.
    pub code: String,
    /// What it is, in general.
    pub title: String,
    /// What it is, this time.
    pub detail: String,
    /// Parts of the request at fault.
    pub errors: Vec<Value>,
}

impl Submitted {
    /// True once the hub has decided, and is not about to decide again because the sender confirmed it.
    pub fn is_decided(&self) -> bool {
        self.verdict.is_some() && self.state != "confirmed"
    }

    /// True when the rows went in, with or without findings.
    pub fn is_accepted(&self) -> bool {
        matches!(self.verdict.as_deref(), Some("accepted" | "accepted_with_findings"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = if self.title.is_empty() { "the hub refused the request" } else { &self.title };
        write!(f, "{title}")?;
        if !self.detail.is_empty() && self.detail != self.title {
            write!(f, ": {}", self.detail)?;
        }
        match self.code.as_str() {
            "" => write!(f, " (status {})", self.status),
            code => write!(f, " ({code})"),
        }
    }
}

/// Reads a 2xx answer as JSON, and any other as a refusal.
pub(crate) async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, HubError> {
    let status = response.status();
    if !status.is_success() {
        return Err(HubError::Refused(Box::new(read_problem(response).await)));
    }
    let body = response.bytes().await.map_err(|_| HubError::NotAHub("the answer broke off".to_owned()))?;
    serde_json::from_slice(&body).map_err(|_| HubError::NotAHub(format!("status {status}, but no submission in it")))
}

/// Reads a refusal; one that is no problem document still tells its status.
pub(crate) async fn read_problem(response: reqwest::Response) -> Problem {
    let status = response.status().as_u16();
    Problem { status, ..read_refusal(response).await }
}

/// Reads the body of a refusal as far as it can be read.
pub(crate) async fn read_refusal<T: DeserializeOwned + Default>(response: reqwest::Response) -> T {
    let body = response.bytes().await.unwrap_or_default();
    let short = body.get(..body.len().min(LONGEST_PROBLEM)).unwrap_or_default();
    serde_json::from_slice(short).unwrap_or_default()
}
