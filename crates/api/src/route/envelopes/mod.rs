//! Sealed details: envelopes that the hub cannot open, left by the placing authority and fetched by the host.

mod look;
mod open;
mod seal;
mod view;

pub(crate) use look::*;
pub(crate) use open::*;
pub(crate) use seal::*;

use hub_pipeline::envelopes::{Party, Reader};

use crate::extract::{Admits, Caller};

/// The sides of a notice that a caller may be on: what it has placed, then what it hosts.
fn readers<A: Admits>(caller: &Caller<A>) -> Vec<Reader> {
    let placing = caller.tenants();
    let placing = placing.iter().map(|tenant| Reader::new(tenant.authority(), tenant.client(), Party::Placing));
    let hosts = caller.hosts();
    placing.chain(hosts.iter().map(|host| Reader::new(host.authority(), host.client(), Party::Host))).collect()
}
