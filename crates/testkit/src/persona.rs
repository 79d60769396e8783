//! Callers, each with a token of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hub_agent::keys::ClientKey;
use hub_domain::{AuthorityCode, ManualClock, RandomIds, Timestamp};
use hub_pipeline::identity::reporting::{NewKey, issue};
use hub_pipeline::identity::{Credential, Issuer, NewClient, Role, Seal, TokenRequest, add};
use hub_store::Store;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::answer::Answer;
use crate::feed::Feed;
use crate::hub::{ISSUER, TestHub, authority};

/// Somebody who calls a hub.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The hub's address.
    pub base: String,
    /// The client's id; blank for anybody.
    pub client: String,
    /// Its secret; blank for anybody.
    pub secret: String,
    /// The access token; blank for anybody.
    pub token: String,
    /// It sends its id and secret with every request, and has no token.
    pub is_keyed: bool,
    http: reqwest::Client,
}

/// Registers a client that proves itself by a secret; its secret.
///
/// # Panics
/// When the store refuses it.
pub async fn enrol(store: &Store, at: Timestamp, id: &str, roles: &[Role], authorities: &[AuthorityCode]) -> String {
    let new = NewClient {
        id: id.to_owned(),
        name: id.to_owned(),
        roles: roles.to_vec(),
        authorities: authorities.to_vec(),
        credential: Credential::Secret,
    };
    let secret = add(store, new, at).await.expect("the client is registered").expect("a secret");
    secret.expose_secret().to_owned()
}

/// Registers a client that proves itself by a key of its own.
///
/// # Panics
/// When the store refuses it.
pub async fn client_key(
    store: &Store,
    at: Timestamp,
    id: &str,
    roles: &[Role],
    authorities: &[AuthorityCode],
) -> ClientKey {
    let key = ClientKey::generate().expect("a key pair");
    let new = NewClient {
        id: id.to_owned(),
        name: id.to_owned(),
        roles: roles.to_vec(),
        authorities: authorities.to_vec(),
        credential: Credential::Keys(key.public_jwk().to_string()),
    };
    add(store, new, at).await.expect("the client is registered");
    key
}

impl TestHub {
    /// Somebody with these roles for these authorities: a new client each time.
    pub async fn as_client(&self, name: &str, roles: &[Role], authorities: &[AuthorityCode]) -> Persona {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let secret = enrol(self.db().store(), self.now(), &id, roles, authorities).await;
        Persona::enter(&self.base(), self.http(), &id, &secret).await
    }

    /// A borough's data engineer, by the borough's slug.
    pub async fn as_borough(&self, slug: &str) -> Persona {
        self.as_client(&format!("{slug}-borough"), &[Role::Borough], &[authority(slug)]).await
    }

    /// A host authority's desk, by its slug.
    pub async fn as_host(&self, slug: &str) -> Persona {
        self.as_client(&format!("{slug}-host"), &[Role::Host], &[authority(slug)]).await
    }

    /// A regional commissioner.
    pub async fn as_commissioner(&self) -> Persona {
        self.as_client("commissioner", &[Role::Commissioner], &[]).await
    }

    /// A provider quality lead.
    pub async fn as_quality_lead(&self) -> Persona {
        self.as_client("quality-lead", &[Role::QualityLead], &[]).await
    }

    /// An authorised broker.
    pub async fn as_broker(&self) -> Persona {
        self.as_client("broker", &[Role::Broker], &[]).await
    }

    /// A reporting tool with a key of its own, which it sends as user name and password.
    ///
    /// # Panics
    /// When the hub issues none.
    pub async fn as_reporting_tool(&self) -> Persona {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = format!("reporting-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let expires_at = self.now().checked_add(SignedDuration::from_hours(24 * 365)).expect("a year from now");
        let new = NewKey { name: id.clone(), id, expires_at };
        let secret = issue(self.hub(), &new).await.expect("a reporting key").expose_secret().to_owned();
        Persona { client: new.id, secret, is_keyed: true, ..self.anonymous() }
    }

    /// Who runs the hub.
    pub async fn as_operator(&self) -> Persona {
        self.as_client("operator", &[Role::Operator], &[]).await
    }

    /// Anybody, without a token.
    pub fn anonymous(&self) -> Persona {
        let blank = String::new();
        Persona {
            base: self.base(),
            client: blank.clone(),
            secret: blank.clone(),
            token: blank,
            is_keyed: false,
            http: self.http().clone(),
        }
    }

    /// A borough whose token, rightly signed by this hub, ended three quarters of an hour ago.
    ///
    /// # Panics
    /// When the hub of an hour ago would not have given it one.
    pub async fn expired(&self, slug: &str) -> Persona {
        let now = self.as_borough(slug).await;
        let then = self.now().checked_sub(SignedDuration::from_hours(1)).expect("an hour ago");
        let (store, clock) = (self.db().store().clone(), Arc::new(ManualClock::at(then)));
        let issuer =
            Issuer::open(store, clock, Arc::new(RandomIds), ISSUER, Seal::none()).await.expect("the hub's keys");
        let request = TokenRequest {
            grant_type: Some("client_credentials".to_owned()),
            client_id: Some(now.client.clone()),
            client_secret: Some(now.secret.clone().into()),
            ..TokenRequest::default()
        };
        let token = issuer.token(request).await.expect("a token").access_token.expose_secret().to_owned();
        Persona { token, ..now }
    }
}

impl Persona {
    /// A client that comes with its secret and gets a token.
    ///
    /// # Panics
    /// When the hub gives it none.
    pub async fn enter(base: &str, http: &reqwest::Client, client: &str, secret: &str) -> Self {
        let (client, secret) = (client.to_owned(), secret.to_owned());
        let (base, token, http) = (base.to_owned(), String::new(), http.clone());
        let mut persona = Self { base, client, secret, token, is_keyed: false, http };
        persona.renew().await;
        persona
    }

    /// The same caller at another replica.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Gets a new token.
    ///
    /// # Panics
    /// When the hub gives none.
    pub async fn renew(&mut self) {
        let form = [("grant_type", "client_credentials"), ("client_id", &self.client), ("client_secret", &self.secret)];
        let asked = self.http.post(format!("{}/oauth/token", self.base)).form(&form).send().await.expect("an answer");
        let answer = Answer::read(asked).await.expect("a whole answer").expect(200);
        answer.json()["access_token"].as_str().expect("a token").clone_into(&mut self.token);
    }

    /// A request that bears the token, or the key.
    ///
    /// # Panics
    /// When `method` is none.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.base));
        match self.token.as_str() {
            "" if self.is_keyed => request.basic_auth(&self.client, Some(&self.secret)),
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub async fn try_send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        Answer::read(request.send().await?).await
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When no whole answer comes.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        self.try_send(request).await.expect("an answer")
    }

    /// Asks for a document.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub async fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.try_send(self.request("GET", path)).await
    }

    /// Asks for a document.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// Sends a document.
    pub async fn post(&self, path: &str, document: &Value) -> Answer {
        self.send(self.request("POST", path).json(document)).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    /// The request that sends a feed.
    pub fn feed(&self, feed: &Feed) -> reqwest::RequestBuilder {
        let mut request = self.request("POST", &feed.path()).body(feed.body.clone());
        for (name, value) in feed.headers() {
            request = request.header(name, value);
        }
        request
    }

    /// Sends a feed.
    pub async fn submit(&self, feed: &Feed) -> Answer {
        self.send(self.feed(feed)).await
    }

    /// Sends a feed, waits for its verdict, and gives the submission.
    ///
    /// # Panics
    /// When it is not taken, or not decided within half a minute.
    pub async fn deliver(&self, feed: &Feed) -> Value {
        let taken = self.submit(feed).await;
        assert!(taken.status == 202 || taken.status == 200, "{}: {}", taken.status, taken.text());
        let id = taken.json()["id"].as_str().expect("an id").to_owned();
        let decided = self.get(&format!("/v1/submissions/{id}?wait=30")).await.expect(200).json();
        assert!(decided["verdict"].is_string(), "not decided in time: {decided}");
        decided
    }
}
