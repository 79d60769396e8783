use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::guard::Endpoint;
use crate::signature::{SignedHeaders, Signer, sign};

/// What is to be sent: the event's id and the bytes that were kept for it.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// The event's id, which is the `webhook-id` of every attempt.
    pub id: Uuid,
    /// The bytes of the event, made once by [`crate::CloudEvent::to_body`].
    pub body: &'a [u8],
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("id", &self.id).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// One attempt, signed and addressed. Only [`prepare`] makes one, and only it can be sent.
#[derive(Clone)]
pub struct Prepared {
    pub(super) endpoint: Endpoint,
    pub(super) headers: SignedHeaders,
    pub(super) body: Vec<u8>,
    pub(super) token: Option<String>,
}

/// Why a delivery could not be prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// There is no key to sign with: nothing leaves unsigned.
    #[error("no key signs this webhook")]
    NoSigner,
}

/// Signs `message` for one attempt at `now`. During a rotation `signers` holds the new key and the old.
pub fn prepare(
    endpoint: &Endpoint,
    message: Message<'_>,
    signers: &[Signer],
    now: Timestamp,
) -> Result<Prepared, PrepareError> {
    if signers.is_empty() {
        return Err(PrepareError::NoSigner);
    }
    Ok(Prepared {
        endpoint: endpoint.clone(),
        headers: sign(&message.id.to_string(), now, message.body, signers),
        body: message.body.to_vec(),
        token: None,
    })
}

impl Prepared {
    /// The attempt, delivered only when the answer gives `token` back: alone, or as the member `challenge` of a JSON object.
    #[must_use]
    pub fn expecting(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Where it goes.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The bytes that will be sent.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What the answer must give back.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The three headers that will be sent.
    pub fn headers(&self) -> &SignedHeaders {
        &self.headers
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Prepared");
        shown.field("endpoint", &self.endpoint).field("id", &self.headers.id);
        shown.field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}
