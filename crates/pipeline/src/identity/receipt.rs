//! Receipts: what the hub signs for a submission it keeps.

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use hub_store::submission::Submission;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::jws::{Expected, Untrusted, head, sign};
use super::key::Purpose;
use super::{IdentityFault, Issuer};

/// Header `typ` of a receipt.
const KIND: &str = "receipt+jwt";

/// What a receipt says: these bytes of this sender are kept, committed to stable storage, at this position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The hub.
    pub iss: String,
    /// The submission.
    pub id: Uuid,
    /// SHA-256 of the bytes as sent, hexadecimal.
    pub digest: String,
    /// The client that sent them.
    pub sender: String,
    /// Whose records they are.
    pub authority: AuthorityCode,
    /// Which feed.
    pub dataset: Dataset,
    /// When they were committed.
    pub received_at: Timestamp,
    /// The submission's number in the authority's own order.
    pub position: i64,
}

impl Issuer {
    /// The receipt for a kept submission, as a compact JWS (EdDSA). The same submission gives the same text at any
    /// time: the key is the one that signed when it was received (unless that has leaked and been retired), and Ed25519 signatures are deterministic.
    pub fn receipt(&self, submission: &Submission) -> Result<String, IdentityFault> {
        let keys = self.ring.keys();
        let key = keys.signing(Purpose::Receipt, submission.received_at, self.clock.now())?;
        let receipt = Receipt {
            iss: self.names.issuer.clone(),
            id: submission.id,
            digest: submission.digest.clone(),
            sender: submission.client.clone(),
            authority: submission.authority,
            dataset: submission.dataset,
            received_at: submission.received_at,
            position: submission.seq,
        };
        Ok(sign(KIND, &key.public.kid, &key.signer, &receipt)?)
    }

    /// What a receipt says, if a receipt key of this hub signed it; `None` otherwise.
    pub fn read_receipt(&self, receipt: &str) -> Option<Receipt> {
        self.opened(receipt).ok()
    }

    fn opened(&self, receipt: &str) -> Result<Receipt, Untrusted> {
        let head = head(receipt)?;
        if head.typ.as_deref() != Some(KIND) {
            return Err(Untrusted("type"));
        }
        let kid = head.kid.ok_or(Untrusted("no key id"))?;
        let keys = self.ring.keys();
        let key = keys.standing(Purpose::Receipt, &kid, self.clock.now()).ok_or(Untrusted("unknown key"))?;
        key.opener.open(receipt, &Expected { issuer: &self.names.issuer, audience: None, required: &["iss"] })
    }
}
