//! Callers with real tokens.

use hub_domain::AuthorityCode;
use hub_pipeline::identity::{Credential, NewClient, Role, TokenRequest, add};
use secrecy::ExposeSecret as _;

use super::stage::Stage;

pub(super) const LEWISHAM: &str = "E09000023";
pub(super) const CROYDON: &str = "E09000008";

impl Stage {
    /// Adds a client and gets it a token.
    pub(super) async fn caller(&self, id: &str, roles: &[Role], authorities: &[&str]) -> String {
        let secret = self.client(id, roles, authorities).await;
        let request = TokenRequest {
            grant_type: Some("client_credentials".to_owned()),
            client_id: Some(id.to_owned()),
            client_secret: Some(secret.into()),
            ..TokenRequest::default()
        };
        self.issuer.token(request).await.unwrap().access_token.expose_secret().to_owned()
    }

    /// Adds a client; its secret.
    pub(super) async fn client(&self, id: &str, roles: &[Role], authorities: &[&str]) -> String {
        let authorities: Vec<AuthorityCode> = authorities.iter().map(|code| code.parse().unwrap()).collect();
        let new = NewClient {
            id: id.to_owned(),
            name: id.to_owned(),
            roles: roles.to_vec(),
            authorities,
            credential: Credential::Secret,
        };
        add(&self.hub.store, new, self.now()).await.unwrap().unwrap().expose_secret().to_owned()
    }

    pub(super) async fn borough(&self) -> String {
        self.caller("lewisham", &[Role::Borough], &[LEWISHAM]).await
    }

    pub(super) async fn commissioner(&self) -> String {
        self.caller("commissioner", &[Role::Commissioner], &[]).await
    }
}
