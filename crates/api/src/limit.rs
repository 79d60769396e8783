//! How much one client may ask and how many uploads one authority may have under way, so that a client that asks fifty
//! times too often starves nobody but itself (promise S9). A good nightly push never comes near either limit.
//!
//! Clients are told apart by their verified token: what has none is refused before it costs anything, and an address
//! tells nothing behind a proxy.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use hub_domain::AuthorityCode;
use hub_pipeline::Settings;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::problem::{Problem, TOO_MANY_REQUESTS};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How long an upload waits for one of its authority's others to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The limits of one process; a replica has its own.
pub(crate) struct Limiter<C: Clock = MonotonicClock> {
    requests: Option<Requests<C>>,
    uploads: Uploads,
}

type Buckets<C> = RateLimiter<Arc<str>, HashMapStateStore<Arc<str>>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A bucket per client, that fills at a steady rate.
struct Requests<C: Clock> {
    buckets: Buckets<C>,
    clock: C,
    /// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers): a full bucket, and the seconds in which it fills.
    policy: HeaderValue,
}

/// Places for uploads, so many for each authority, given in the order they were asked for.
pub(crate) struct Uploads {
    each: usize,
    places: Mutex<HashMap<AuthorityCode, Arc<Semaphore>>>,
    patience: Duration,
}

impl Limiter {
    /// The limits that the settings name.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self::by(MonotonicClock, settings)
    }
}

impl<C: Clock + Clone> Limiter<C> {
    fn by(clock: C, settings: &Settings) -> Self {
        let rate = NonZeroU32::new(settings.client_rate);
        let requests = rate.map(|rate| Requests::new(clock, rate, settings.client_burst));
        let uploads = Uploads { each: settings.authority_uploads.max(1), places: Mutex::default(), patience: PATIENCE };
        Self { requests, uploads }
    }

    /// Takes one from the client's bucket; a problem that says when to come back if it is empty.
    pub(crate) fn admit(&self, client: &Arc<str>) -> Result<(), Problem> {
        self.requests.as_ref().map_or(Ok(()), |requests| requests.admit(client))
    }

    /// The places for uploads.
    pub(crate) fn uploads(&self) -> &Uploads {
        &self.uploads
    }
}

impl<C: Clock + Clone> Requests<C> {
    fn new(clock: C, rate: NonZeroU32, burst: u32) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(rate).max(rate);
        let quota = Quota::per_second(rate).allow_burst(burst);
        let window = burst.get().div_ceil(rate.get());
        let policy = HeaderValue::from_str(&format!("\"client\";q={burst};w={window}"));
        Self {
            buckets: RateLimiter::new(quota, HashMapStateStore::default(), clock.clone()),
            clock,
            policy: policy.unwrap_or_else(|_| HeaderValue::from_static("\"client\"")),
        }
    }

    fn admit(&self, client: &Arc<str>) -> Result<(), Problem> {
        let Err(later) = self.buckets.check_key(client) else { return Ok(()) };
        let wait = later.wait_time_from(self.clock.now());
        let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1);
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        metrics::counter!("hub_requests_limited_total").increment(1);
        let mut problem = Problem::new(TOO_MANY_REQUESTS)
            .detail("This client has asked faster than it may for longer than it may. Wait as Retry-After says.")
            .retry_after(seconds)
            .header(POLICY, self.policy.clone());
        if let Ok(left) = HeaderValue::from_str(&format!("\"client\";r=0;t={seconds}")) {
            problem = problem.header(LIMIT, left);
        }
        Err(problem)
    }
}

impl Uploads {
    /// A place for an upload of that authority, waited for a while; to be held until the upload has been received.
    pub(crate) async fn place(&self, authority: AuthorityCode) -> Result<OwnedSemaphorePermit, Problem> {
        let places = {
            let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(authority).or_insert_with(|| Arc::new(Semaphore::new(self.each))))
        };
        if let Ok(Ok(place)) = timeout(self.patience, places.acquire_owned()).await {
            return Ok(place);
        }
        metrics::counter!("hub_uploads_limited_total").increment(1);
        Err(Problem::new(TOO_MANY_REQUESTS)
            .detail("The authority has as many uploads under way as it may. Send the next when one has ended.")
            .retry_after(u32::try_from(self.patience.as_secs()).unwrap_or(u32::MAX).max(1)))
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn settings(client_rate: u32, client_burst: u32) -> Settings {
        Settings { client_rate, client_burst, authority_uploads: 2, ..Settings::default() }
    }

    fn code(text: &str) -> AuthorityCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_that_asks_fifty_times_too_often_takes_nothing_from_another() {
        let clock = FakeRelativeClock::default();
        let limiter = Limiter::by(clock.clone(), &settings(2, 10));
        let (loud, quiet): (Arc<str>, Arc<str>) = ("loud".into(), "quiet".into());
        let mut passed = 0;
        for _ in 0..100 {
            passed += (0..100).filter(|_| limiter.admit(&loud).is_ok()).count();
            limiter.admit(&quiet).unwrap();
            limiter.admit(&quiet).unwrap();
            clock.advance(Duration::from_secs(1));
        }
        assert_eq!(passed, 10 + 2 * 99, "a burst, then its rate");
    }

    #[test]
    fn a_refusal_says_when_to_come_back_and_that_is_true() {
        let clock = FakeRelativeClock::default();
        let mut lean = settings(1, 3);
        let limiter = Limiter::by(clock.clone(), &lean);
        let client: Arc<str> = "lewisham-nightly".into();
        (0..3).for_each(|_| limiter.admit(&client).unwrap());
        let refused = limiter.admit(&client).unwrap_err();
        assert_eq!(refused.kind(), TOO_MANY_REQUESTS);
        let answer = refused.render("r");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("retry-after"), header("ratelimit")), ("1".to_owned(), "\"client\";r=0;t=1".to_owned()));
        assert_eq!(header("ratelimit-policy"), "\"client\";q=3;w=3");
        clock.advance(Duration::from_secs(1));
        limiter.admit(&client).unwrap();
        lean.client_rate = 0;
        let without = Limiter::by(clock, &lean);
        assert!((0..10_000).all(|_| without.admit(&client).is_ok()), "a rate of nought is no limit");
    }

    #[tokio::test]
    async fn uploads_of_one_authority_wait_for_each_other_and_for_nobody_else() {
        let mut limiter = Limiter::new(&settings(1, 1));
        limiter.uploads.patience = Duration::ZERO;
        let one = limiter.uploads.place(code("E09000023")).await.unwrap();
        let _two = limiter.uploads.place(code("E09000023")).await.unwrap();
        let refused = limiter.uploads.place(code("E09000023")).await.unwrap_err();
        assert_eq!(refused.kind(), TOO_MANY_REQUESTS);
        let _other = limiter.uploads.place(code("E09000006")).await.unwrap();
        drop(one);
        assert!(limiter.uploads.place(code("E09000023")).await.is_ok());
    }
}
