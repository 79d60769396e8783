use hub_webhook::Signer;

use super::Issuer;
use crate::deliver::Signers;

impl Signers for Issuer {
    fn ed25519(&self) -> Vec<Signer> {
        match self.webhook_keys() {
            Ok(keys) => keys.into_iter().map(Signer::Ed25519).collect(),
            Err(fault) => {
                tracing::error!(error = %fault, "there is no key to sign webhooks with");
                Vec::new()
            }
        }
    }
}
