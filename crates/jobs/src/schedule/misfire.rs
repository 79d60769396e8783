use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;

/// What is done about slots that passed while no hub was running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfire {
    /// Nothing: what was missed is missed.
    Skip,
    /// The latest is run, once: for work that makes good all that came before it, such as publishing.
    Latest,
    /// Every one is run that is not older than this: for work about its own slot.
    All {
        /// The greatest age of a slot that is still run.
        within: SignedDuration,
    },
}

/// The text is none of `skip`, `latest` and `all:<seconds>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a misfire rule is skip, latest or all:<seconds>")]
pub struct NotAMisfire;

impl fmt::Display for Misfire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skip => f.pad("skip"),
            Self::Latest => f.pad("latest"),
            Self::All { within } => f.pad(&format!("all:{}", within.as_secs())),
        }
    }
}

impl FromStr for Misfire {
    type Err = NotAMisfire;

    fn from_str(text: &str) -> Result<Self, NotAMisfire> {
        match text {
            "skip" => Ok(Self::Skip),
            "latest" => Ok(Self::Latest),
            _ => {
                let seconds: u32 = text.strip_prefix("all:").ok_or(NotAMisfire)?.parse().map_err(|_| NotAMisfire)?;
                Ok(Self::All { within: SignedDuration::from_secs(i64::from(seconds)) })
            }
        }
    }
}
