//! Why a file was not fetched.

use crate::guard::Refusal;
use crate::send::Verdict;

/// Why a file was not fetched. It holds nothing of the address nor of what lay there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// The guard does not permit the call; nothing was asked.
    #[error("the address may not be called: {0}")]
    Refused(Refusal),
    /// There is no such file (404, 410).
    #[error("there is no file")]
    Absent,
    /// The credential is not the right one (401, 403).
    #[error("the credential was not accepted")]
    Denied,
    /// The server answered otherwise.
    #[error("the server answered {0}")]
    Status(u16),
    /// The file is longer than the hub takes.
    #[error("the file is too long")]
    TooLong,
    /// The connection broke before the file ended.
    #[error("the connection broke before the file ended")]
    Broken,
    /// What came could not be held.
    #[error("there was no room for what came")]
    Unkept,
    /// No answer came: see the word.
    #[error("no answer came: {0}")]
    Silent(&'static str),
}

impl FetchFailure {
    /// A stable kebab-case word for records and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Absent => "no-file",
            Self::Denied => "credential-denied",
            Self::Status(_) => "bad-status",
            Self::TooLong => "too-long",
            Self::Broken => "connection-broke",
            Self::Unkept => "no-room",
            Self::Silent(word) => word,
        }
    }

    pub(super) fn of_status(status: u16) -> Result<(), Self> {
        match status {
            200 => Ok(()),
            404 | 410 => Err(Self::Absent),
            401 | 403 => Err(Self::Denied),
            300..=399 => Err(Self::Silent("redirected")),
            other => Err(Self::Status(other)),
        }
    }

    pub(super) fn of_error(error: &reqwest::Error) -> Self {
        match Verdict::of_error(error) {
            Verdict::Refused(refusal) => Self::Refused(refusal),
            verdict @ (Verdict::Delivered | Verdict::Failed(_)) => Self::Silent(verdict.code()),
        }
    }
}
