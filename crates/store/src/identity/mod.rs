//! Who may call: clients, people, the assertions they have used up, reporting keys, and the hub's signing keys.

mod assertion;
mod client;
mod key;
mod reporting;
mod session;

pub use assertion::{sweep_assertions, use_assertion};
pub use client::{Client, State, client, clients, upsert_client};
pub use key::{SigningKey, insert_key, keys, retire_key, seal_key};
pub use reporting::{
    ReportingKey, insert_reporting_key, note_use, reporting_key_by_secret, reporting_keys, revoke_reporting_key,
};
pub use session::{
    Session, delete_session, delete_sign_in, insert_session, insert_sign_in, note_session, session, sign_in,
    sweep_people,
};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[assertion::ALL, client::ALL, key::ALL, reporting::ALL, session::ALL];
