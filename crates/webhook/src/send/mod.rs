//! Sending one prepared delivery.

mod carry;
mod echo;
mod outcome;
mod prepared;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hub_domain::AuthorityCode;
use reqwest::{Client, Response, header, redirect, retry};

use crate::guard::{Guard, GuardedResolver, Lookup, SystemLookup};
use crate::retry::RetryAfter;
use crate::signature::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
pub use carry::{Carry, Carrying};
pub use outcome::{Failure, Outcome, Verdict};
pub use prepared::{Message, PrepareError, Prepared, prepare};

/// How long and how much one attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Name look-up, connection and TLS together.
    pub connect: Duration,
    /// The whole attempt, the answer's body included.
    pub total: Duration,
    /// Bytes of the answer's body that are read, and dropped, so that the connection can be used again.
    pub body: usize,
}

impl Default for Limits {
    /// 5 s, 15 s (the Standard Webhooks advice is 15 to 30 s) and 64 KiB.
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(15), body: 64 * 1024 }
    }
}

/// The guarded client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the webhook client could not be made; are certificate authorities installed (ca-certificates)?")]
pub struct SendError(#[from] reqwest::Error);

/// Sends prepared deliveries. Cheap to clone; one per process.
///
/// It follows no redirect, uses no proxy, retries nothing by itself, and connects only where its guard
/// permits. A council with an allowance has a client of its own, so that no other council's name can
/// reach its network.
#[derive(Debug, Clone)]
pub struct Sender {
    guard: Guard,
    limits: Limits,
    common: Client,
    councils: Arc<BTreeMap<AuthorityCode, Client>>,
}

impl Sender {
    /// A sender that goes where `guard` permits.
    pub fn new(guard: Guard, limits: Limits) -> Result<Self, SendError> {
        Self::resolving_by(guard, limits, &(Arc::new(SystemLookup) as Arc<dyn Lookup>))
    }

    /// A sender that asks `lookup` for addresses.
    pub(crate) fn resolving_by(guard: Guard, limits: Limits, lookup: &Arc<dyn Lookup>) -> Result<Self, SendError> {
        let client = |authority| build_client(&guard, limits, authority, lookup);
        let councils: Result<_, SendError> =
            guard.allowed_councils().map(|council| Ok((council, client(Some(council))?))).collect();
        Ok(Self { common: client(None)?, councils: Arc::new(councils?), limits, guard })
    }

    /// The guard by which addresses are admitted.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Makes one attempt. It never fails as a Rust function: what went wrong is in the outcome.
    pub async fn send(&self, prepared: &Prepared) -> Outcome {
        let started = Instant::now();
        let (verdict, status, retry_after) = self.attempt(prepared).await;
        Outcome { verdict, status, retry_after, latency: started.elapsed() }
    }

    async fn attempt(&self, prepared: &Prepared) -> (Verdict, Option<u16>, Option<RetryAfter>) {
        let endpoint = &prepared.endpoint;
        // The endpoint may have been admitted by another guard, or under an allowance since withdrawn.
        if let Err(refusal) = self.guard.judge(endpoint.authority(), endpoint.url()) {
            return (Verdict::Refused(refusal), None, None);
        }
        let client = self.councils.get(&endpoint.authority()).unwrap_or(&self.common);
        let request = client
            .post(endpoint.url().clone())
            .header(header::CONTENT_TYPE, crate::event::CONTENT_TYPE)
            .header(ID_HEADER, &prepared.headers.id)
            .header(TIMESTAMP_HEADER, prepared.headers.timestamp)
            .header(SIGNATURE_HEADER, &prepared.headers.signature)
            .body(prepared.body.clone());
        match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let retry_after = retry_after(&response);
                let verdict = match (Verdict::of_status(status), &prepared.token) {
                    (Verdict::Delivered, Some(token)) => answered(response, token).await,
                    (verdict, _) => {
                        drain(response, self.limits.body).await;
                        verdict
                    }
                };
                (verdict, Some(status), retry_after)
            }
            Err(error) => (Verdict::of_error(&error), None, None),
        }
    }
}

fn retry_after(response: &Response) -> Option<RetryAfter> {
    RetryAfter::parse(response.headers().get(header::RETRY_AFTER)?.to_str().ok()?)
}

/// Whether the answer gives the token back. Nothing else of it is kept.
async fn answered(mut response: Response, token: &str) -> Verdict {
    let mut answer = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        answer.extend_from_slice(&chunk);
        if answer.len() > echo::LONGEST {
            break;
        }
    }
    let is_given_back = answer.len() <= echo::LONGEST && echo::gives_back(token, &answer);
    if is_given_back { Verdict::Delivered } else { Verdict::Failed(Failure::Unanswered) }
}

/// Reads at most `cap` bytes and forgets them; dropping the rest closes the connection. The status has
/// been given, so nothing that happens here changes the outcome.
async fn drain(mut response: Response, cap: usize) {
    let mut read = 0_usize;
    while let Ok(Some(chunk)) = response.chunk().await {
        read = read.saturating_add(chunk.len());
        if read > cap {
            return;
        }
    }
}

pub(crate) fn build_client(
    guard: &Guard,
    limits: Limits,
    authority: Option<AuthorityCode>,
    lookup: &Arc<dyn Lookup>,
) -> Result<Client, SendError> {
    let builder = Client::builder()
        .user_agent(concat!("sufficiency-hub/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(limits.connect)
        .timeout(limits.total)
        .pool_max_idle_per_host(4)
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(GuardedResolver::new(guard.clone(), authority, Arc::clone(lookup)));
    // The demonstration speaks to itself in the clear and must run where no authorities are installed.
    let builder = if guard.is_for_demonstration() { builder.tls_certs_only([]) } else { builder.https_only(true) };
    Ok(builder.build()?)
}

#[cfg(test)]
mod tests;
