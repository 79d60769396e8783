//! Four boroughs that send without a pause until the hub takes no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hub_domain::{Clock as _, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{Child, Feed, Persona, TestDb, authority, enrol, plain_client};
use tokio::task::JoinSet;

use crate::ledger::{Ledger, Request};

const BOROUGHS: [&str; 4] = ["lewisham", "croydon", "greenwich", "bexley"];
/// Children in each submission.
pub(crate) const ROWS: usize = 12;
/// Of them, placed with Kent, who must be told.
pub(crate) const AWAY: usize = 3;

/// The boroughs, and what they have in hand.
pub(crate) struct Senders {
    boroughs: Vec<(&'static str, String)>,
    http: reqwest::Client,
    sent: Arc<AtomicUsize>,
    sending: JoinSet<Vec<Request>>,
}

/// A submission that no other is like.
pub(crate) fn feed(borough: &str, nth: usize) -> Feed {
    let host = |n| if n < AWAY { authority("kent") } else { authority(borough) };
    let children: Vec<Child> =
        (0..ROWS).map(|n| Child::placed(&format!("{borough} {nth} {n}"), host(n).as_str())).collect();
    Feed::changes(authority(borough), &format!("kill-{nth}"), &children, &[])
}

impl Senders {
    /// Registers the boroughs.
    pub(crate) async fn enrol(db: &TestDb) -> Self {
        let mut boroughs = Vec::new();
        for borough in BOROUGHS {
            let own = [authority(borough)];
            boroughs.push((borough, enrol(db.store(), SystemClock.now(), borough, &[Role::Borough], &own).await));
        }
        Self { boroughs, http: plain_client(), sent: Arc::default(), sending: JoinSet::new() }
    }

    /// Each borough gets a token.
    pub(crate) async fn callers(&self, base: &str) -> Vec<(&'static str, Persona)> {
        let mut callers = Vec::new();
        for (borough, secret) in &self.boroughs {
            callers.push((*borough, Persona::enter(base, &self.http, borough, secret).await));
        }
        callers
    }

    /// Each borough gets a token and begins to send; they, for whoever else sends as they.
    pub(crate) async fn begin(&mut self, base: &str) -> Vec<(&'static str, Persona)> {
        let callers = self.callers(base).await;
        for (borough, caller) in &callers {
            self.sending.spawn(send(caller.clone(), borough, Arc::clone(&self.sent)));
        }
        callers
    }

    /// A number for a feed that nobody else has.
    pub(crate) fn next(&self) -> usize {
        self.sent.fetch_add(1, Ordering::SeqCst)
    }

    /// Takes down what each has sent until its connection broke.
    pub(crate) async fn end(&mut self, ledger: &mut Ledger) {
        while let Some(sent) = self.sending.join_next().await {
            ledger.enter(sent.expect("a sender does not fail"));
        }
    }
}

/// Registers a borough in a database by its URL; its secret.
pub(crate) async fn enrol_one(url: &str) -> String {
    let settings = hub_store::Settings { url: url.to_owned(), connections: 1 };
    let store = hub_store::Store::open(&settings).await.expect("the database");
    enrol(&store, SystemClock.now(), "late", &[Role::Borough], &[authority("lewisham")]).await
}

/// Sends until no answer comes, or the hub is stopping; the last request is the one nobody knows the fate of.
async fn send(caller: Persona, borough: &'static str, sent: Arc<AtomicUsize>) -> Vec<Request> {
    let mut requests = Vec::new();
    loop {
        let feed = feed(borough, sent.fetch_add(1, Ordering::SeqCst));
        let answer = caller.try_send(caller.feed(&feed)).await;
        let is_over = answer.as_ref().map_or(true, |answer| answer.status == 503);
        let taken = answer.ok().filter(|answer| answer.status != 503);
        let id = taken.map(|answer| answer.expect(202).json()["id"].as_str().expect("an id").to_owned());
        requests.push(Request { caller: caller.clone(), feed, acknowledged: id });
        if is_over {
            return requests;
        }
    }
}
