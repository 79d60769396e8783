//! The sending side: endpoints on loopback, a key that signs, deliveries made when told.

use std::sync::Arc;

use hub_pipeline::Hub;
use hub_pipeline::deliver::{Deliverer, Signers};
use hub_pipeline::endpoints::{Registration, register};
use hub_store::delivery::{self, Delivery, Stats};
use hub_store::endpoint::Scheme;
use hub_webhook::{Carry, Guard, Limits, Sender, SharedSecret, Signer, SigningKey, Verifier};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use super::{Receiver, Rig, code};

/// The hub's webhook key in these tests.
#[derive(Debug)]
struct OneKey(SigningKey);

impl Signers for OneKey {
    fn ed25519(&self) -> Vec<Signer> {
        vec![Signer::Ed25519(self.0.clone())]
    }
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32]).unwrap()
}

/// Checks what the hub's own key signs.
pub(crate) fn verifier() -> Verifier {
    Verifier::Ed25519(key().verifying_key())
}

/// A receiver that is registered as an endpoint.
pub(crate) struct Listener {
    pub(crate) id: Uuid,
    pub(crate) posts: Receiver,
    /// For [`Scheme::V1`].
    pub(crate) secret: Option<SharedSecret>,
}

impl Rig {
    /// Registers a fresh receiver as an endpoint of a host, and has it prove itself.
    pub(crate) async fn listen(&self, host: &str, scheme: Scheme) -> Listener {
        let posts = Receiver::start().await;
        let guard = Guard::for_demonstration();
        let registered = register(&self.hub, &guard, code(host), &Registration::of(&posts.url, scheme)).await.unwrap();
        // The receiver answers its challenge.
        self.deliver().await;
        let secret = registered.secret.map(|secret| SharedSecret::parse(secret.expose_secret()).unwrap());
        Listener { id: registered.endpoint.id, posts, secret }
    }

    pub(crate) async fn host(&self, host: &str, scheme: Scheme) -> Receiver {
        self.listen(host, scheme).await.posts
    }

    pub(crate) fn deliverer(&self) -> Deliverer {
        deliverer(&self.hub)
    }

    /// Sends until nothing is due; how many attempts were made.
    pub(crate) async fn deliver(&self) -> usize {
        self.deliver_from(&self.hub).await
    }

    pub(crate) async fn deliver_from(&self, hub: &Arc<Hub>) -> usize {
        deliverer(hub).drain().await.unwrap()
    }

    pub(crate) async fn stats(&self, host: &str) -> Stats {
        delivery::stats(&mut *self.link().await, code(host)).await.unwrap()
    }

    /// Every delivery to a host, by notice.
    pub(crate) async fn deliveries(&self, host: &str) -> Vec<Delivery> {
        let sql = format!("SELECT DISTINCT notice FROM delivery WHERE authority = '{host}' AND notice <> endpoint");
        let notices = hub_store::testing::query(self.db.url(), &sql).await.unwrap();
        let mut all = Vec::new();
        for row in notices {
            let notice = row[0].as_deref().unwrap().parse().unwrap();
            all.extend(delivery::by_notice(&mut *self.link().await, code(host), notice).await.unwrap());
        }
        all
    }
}

fn deliverer(hub: &Arc<Hub>) -> Deliverer {
    carried(hub, Sender::new(Guard::for_demonstration(), Limits::default()).unwrap())
}

/// A deliverer whose attempts are made by a carrier of the test's own.
pub(crate) fn carried(hub: &Arc<Hub>, carrier: impl Carry + 'static) -> Deliverer {
    Deliverer::new(Arc::clone(hub), carrier, Arc::new(OneKey(key())))
}
