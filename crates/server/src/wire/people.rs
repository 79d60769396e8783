//! Where people sign in, as a hub is wired: nowhere, at an issuer of councils' accounts, or at the demonstration's own.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use hub_demo::issuer::{Accounts, CLIENT, PLACE, accounts};
use hub_pipeline::Hub;
use hub_pipeline::identity::person::Rules;
use hub_web::{Provider, ProviderError, ProviderSettings};

use super::StartError;

/// Where people sign in.
#[derive(Debug, Clone, Default)]
pub enum People {
    /// Nowhere: programs alone call this hub, and pages say that nobody can sign in.
    #[default]
    Nowhere,
    /// At that issuer.
    At(Box<ProviderSettings>),
    /// At an issuer of this process's own, where everybody is made up and nobody has a password. `hub demo` and tests say
    /// this; no flag or setting of `hub serve` does.
    Demonstration,
}

/// What signs people in, and the routes that it needs beside the hub's own.
pub(super) fn open(people: &People, hub: &Hub, address: SocketAddr) -> Result<(Option<Provider>, Router), StartError> {
    let clock = Arc::clone(&hub.clock);
    match people {
        People::Nowhere => Ok((None, Router::new())),
        People::At(settings) => {
            let provider = Provider::new(settings.as_ref().clone(), clock).map_err(StartError::Provider)?;
            Ok((Some(provider), Router::new()))
        }
        People::Demonstration => {
            let issuer = format!("http://{address}{PLACE}");
            let own = Accounts {
                issuer: issuer.clone(),
                back: format!("{}/sign-in/return", hub.settings.base_url),
                stylesheet: hub_web::stylesheet().to_owned(),
                clock: Arc::clone(&clock),
            };
            let routes = accounts(own).ok_or(StartError::Provider(ProviderError::Answer("it has no key")))?;
            let settings = ProviderSettings {
                issuer: issuer.parse().map_err(|_| StartError::Provider(ProviderError::Answer("its address")))?,
                client_id: CLIENT.to_owned(),
                client_secret: None,
                scopes: "openid".to_owned(),
                rules: Rules::default(),
            };
            let provider = Provider::new(settings, clock).map_err(StartError::Provider)?;
            Ok((Some(provider.for_demonstration()), routes))
        }
    }
}
