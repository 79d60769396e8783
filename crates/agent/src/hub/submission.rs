//! Submitting a feed and waiting for what becomes of it.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use sha2::{Digest, Sha256};

use super::HubClient;
use super::answer::{self, Submitted};
use super::error::HubError;

/// Longest the hub is asked to hold one question open, seconds.
const HOLD: u64 = 20;
/// zstd's level: about a tenth of the size, at hundreds of megabytes a second.
const LEVEL: i32 = 3;

/// One feed to submit.
#[derive(Clone, Copy)]
pub struct Submission<'a> {
    /// Whose feed.
    pub authority: AuthorityCode,
    /// Which dataset.
    pub dataset: Dataset,
    /// How much it covers.
    pub mode: Mode,
    /// The day it describes.
    pub as_at: Date,
    /// From when a `window` covers.
    pub covers_from: Option<Date>,
    /// Only ask what would change.
    pub dry_run: bool,
    /// A declared correction: may be older than the last accepted.
    pub correction: bool,
    /// The feed, CSV in the contract's shape.
    pub csv: &'a [u8],
}

impl std::fmt::Debug for Submission<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Submission({} {} as at {}, {} bytes)", self.authority, self.dataset, self.as_at, self.csv.len())
    }
}

/// A feed as it is sent, byte for byte: what a later run needs to send the same again.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The idempotency key, made from all the rest.
    pub key: String,
    /// What it is: dataset, authority, mode, as_at…
    pub query: Vec<(String, String)>,
    /// The feed, compressed.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({}, {} bytes)", self.key, self.body.len())
    }
}

impl Submission<'_> {
    /// Makes it ready to send. The key is made from what is sent, so that a repeat of the same feed for the same day, from
    /// this run or the next, is the same submission.
    pub fn pack(&self) -> Result<Parcel, HubError> {
        let body =
            zstd::encode_all(self.csv, LEVEL).map_err(|_| HubError::Prepare("the feed could not be compressed"))?;
        let key = idempotency_key(self, &Sha256::digest(&body));
        let query = query(self).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Parcel { key, query, body })
    }
}

impl HubClient {
    /// Submits a feed. When this returns, the hub has it on stable storage.
    pub async fn submit(&self, submission: &Submission<'_>) -> Result<Submitted, HubError> {
        self.deliver(&submission.pack()?).await
    }

    /// Submits what was packed, now or in a former run.
    pub async fn deliver(&self, parcel: &Parcel) -> Result<Submitted, HubError> {
        let content_digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&parcel.body)));
        let mut url = self.url("v1/submissions")?;
        url.query_pairs_mut().extend_pairs(&parcel.query);
        let make = || {
            self.http
                .post(url.clone())
                .header("Idempotency-Key", &parcel.key)
                .header("Content-Digest", &content_digest)
                .header(CONTENT_TYPE, "text/csv")
                .header(CONTENT_ENCODING, "zstd")
                .body(parcel.body.clone())
        };
        answer::read(self.send(&make).await?).await
    }

    /// Waits, up to `patience`, until the hub has decided about a submission.
    pub async fn await_report(&self, id: &str, patience: Duration) -> Result<Submitted, HubError> {
        let began = Instant::now();
        loop {
            let left = patience.saturating_sub(began.elapsed());
            let submitted = self.status(id, left.as_secs().min(HOLD)).await?;
            if submitted.is_decided() {
                return Ok(submitted);
            }
            if left.is_zero() {
                return Err(HubError::StillRunning { id: id.to_owned(), waited: patience });
            }
        }
    }

    /// What the hub says about a submission, waiting up to `hold` seconds for a decision.
    pub async fn status(&self, id: &str, hold: u64) -> Result<Submitted, HubError> {
        let mut url = self.submission_url(id, "")?;
        if hold > 0 {
            url.query_pairs_mut().append_pair("wait", &hold.to_string());
        }
        self.fetch(url).await
    }

    /// The hub's findings about a submission, as it gives them.
    pub async fn findings(&self, id: &str) -> Result<serde_json::Value, HubError> {
        self.fetch(self.submission_url(id, "/findings")?).await
    }

    /// Confirms a submission that is held. It is applied a little later: [`HubClient::await_report`] waits for that.
    pub async fn confirm(&self, id: &str) -> Result<Submitted, HubError> {
        let url = self.submission_url(id, "/confirm")?;
        answer::read(self.send(&|| self.http.post(url.clone())).await?).await
    }

    fn submission_url(&self, id: &str, below: &str) -> Result<url::Url, HubError> {
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_id {
            return Err(HubError::NotAHub("it gave no submission id".to_owned()));
        }
        self.url(&format!("v1/submissions/{id}{below}"))
    }
}

fn query(submission: &Submission<'_>) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("dataset", submission.dataset.to_string()),
        ("authority", submission.authority.to_string()),
        ("mode", submission.mode.to_string()),
        ("as_at", submission.as_at.to_string()),
    ];
    pairs.extend(submission.covers_from.map(|from| ("covers_from", from.to_string())));
    pairs.extend(submission.dry_run.then(|| ("dry_run", true.to_string())));
    pairs.extend(submission.correction.then(|| ("correction", true.to_string())));
    pairs
}

/// The same for the same bytes, dataset, day and manner; another for anything else.
fn idempotency_key(submission: &Submission<'_>, digest: &[u8]) -> String {
    let mut hash = Sha256::new();
    for (name, value) in query(submission) {
        hash.update(name);
        hash.update([b'=']);
        hash.update(value);
        hash.update([0]);
    }
    hash.update(digest);
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_is_the_same_submission_and_another_day_is_not() {
        let submission = Submission {
            authority: "E09000023".parse().unwrap(),
            dataset: Dataset::Placements,
            mode: Mode::Full,
            as_at: jiff::civil::date(2026, 4, 7),
            covers_from: None,
            dry_run: false,
            correction: false,
            csv: b"a",
        };
        let key = idempotency_key(&submission, b"digest");
        assert_eq!(key, idempotency_key(&submission, b"digest"));
        assert_eq!(key.len(), 43);
        let tomorrow = Submission { as_at: jiff::civil::date(2026, 4, 8), ..submission };
        let dry = Submission { dry_run: true, ..submission };
        for other in [
            idempotency_key(&tomorrow, b"digest"),
            idempotency_key(&dry, b"digest"),
            idempotency_key(&submission, b"other"),
        ] {
            assert_ne!(key, other);
        }
    }
}
