//! A hub's identity on a fresh store, with a clock that the test moves.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_domain::{AuthorityCode, Clock as _, ManualClock, SequentialIds, Timestamp};
use hub_store::Store;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::identity::{Credential, Issuer, NewClient, Role, Seal, Token, TokenRefusal, TokenRequest, add};

pub(super) const ISSUER: &str = "https://hub.example";
pub(super) const CLIENT: &str = "lewisham-nightly";
const NIGHT: &str = "2026-03-02T02:00:00Z";

pub(super) struct Stage {
    pub(super) issuer: Issuer,
    pub(super) clock: Arc<ManualClock>,
    pub(super) store: Store,
    _folder: tempfile::TempDir,
}

pub(super) fn lewisham() -> AuthorityCode {
    "E09000023".parse().unwrap()
}

impl Stage {
    pub(super) async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("hub.db").display());
        let store = Store::open(&hub_store::Settings { url, connections: 2 }).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(NIGHT.parse().unwrap()));
        let issuer =
            Issuer::open(store.clone(), clock.clone(), Arc::new(SequentialIds::default()), ISSUER, Seal::none())
                .await
                .unwrap();
        Self { issuer, clock, store, _folder: folder }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Adds the client with this credential; its secret if it has one.
    pub(super) async fn client(&self, credential: Credential) -> Option<SecretString> {
        let new = NewClient {
            id: CLIENT.to_owned(),
            name: "Lewisham, nightly feeds".to_owned(),
            roles: vec![Role::Borough, Role::Host],
            authorities: vec![lewisham()],
            credential,
        };
        add(&self.store, new, self.now()).await.unwrap()
    }

    pub(super) async fn by_secret(&self, secret: &str) -> Result<Token, TokenRefusal> {
        let request = TokenRequest {
            grant_type: Some("client_credentials".to_owned()),
            client_id: Some(CLIENT.to_owned()),
            client_secret: Some(secret.into()),
            ..TokenRequest::default()
        };
        self.issuer.token(request).await
    }

    pub(super) async fn by_assertion(&self, assertion: &str) -> Result<Token, TokenRefusal> {
        let request = TokenRequest {
            grant_type: Some("client_credentials".to_owned()),
            client_assertion_type: Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            client_assertion: Some(assertion.into()),
            ..TokenRequest::default()
        };
        self.issuer.token(request).await
    }

    /// A client with a secret, and the text of a token for it.
    pub(super) async fn token(&self) -> String {
        let secret = self.client(Credential::Secret).await.unwrap();
        self.by_secret(secret.expose_secret()).await.unwrap().access_token.expose_secret().to_owned()
    }

    /// The claims of an assertion that is right in every way.
    pub(super) fn claims(&self, jti: &str) -> Value {
        let now = self.now().as_second();
        json!({ "iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "iat": now, "exp": now + 120, "jti": jti })
    }
}

/// A key pair of a client's, of either kind.
pub(super) enum Pair {
    Ed25519(Box<Ed25519KeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl Pair {
    pub(super) fn ed25519() -> Self {
        Self::Ed25519(Box::new(Ed25519KeyPair::generate().unwrap()))
    }

    pub(super) fn p256() -> Self {
        Self::P256(Box::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()))
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::P256(_) => "ES256",
        }
    }

    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
            Self::P256(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.public();
        match self {
            Self::Ed25519(_) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(&public), "kid": kid }),
            Self::P256(_) => {
                json!({ "kty": "EC", "crv": "P-256", "x": encode(&public[1..33]), "y": encode(&public[33..]), "kid": kid })
            }
        }
    }

    pub(super) fn credential(&self, kid: &str) -> Credential {
        Credential::Keys(json!({ "keys": [self.jwk(kid)] }).to_string())
    }

    /// A compact JWS over any header and claims, however wrong.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = match self {
            Self::Ed25519(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
            Self::P256(pair) => pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A right assertion over these claims.
    pub(super) fn assertion(&self, claims: &Value) -> String {
        self.sign(&json!({ "typ": "JWT", "alg": self.algorithm(), "kid": "k1" }), claims)
    }
}

pub(super) fn message(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// Header and claims of a token, unverified.
pub(super) fn parts(token: &str) -> (Value, Value) {
    let decode = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let mut parts = token.split('.');
    (decode(parts.next().unwrap()), decode(parts.next().unwrap()))
}
