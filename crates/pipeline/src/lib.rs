//! Use cases: what the hub does, between HTTP above and SQL below — and knowing neither.
//!
//! The way of a nightly feed: [`receive`] keeps it durably and answers; [`validate`] judges it against its contract and
//! against what is believed; [`apply`] writes record versions, notices and deliveries in one transaction;
//! [`publish`] folds what is believed into tables, through the release gate; [`deliver`] tells the hosts.

use async_recursion::async_recursion as boxed;

pub mod apply;
pub mod audit;
pub mod backup;
pub mod chase;
pub mod checks;
pub mod child;
pub mod deliver;
pub mod deliveries;
pub mod dryrun;
pub mod endpoints;
mod ends;
pub mod envelopes;
mod fault;
pub mod feeds;
pub mod held;
pub mod holidays;
mod hub;
pub mod identity;
pub mod jobs;
pub mod ladder;
pub mod members;
pub mod notices;
mod notify;
pub mod population;
pub mod providers;
pub mod publish;
pub mod readings;
pub mod receive;
pub mod reconcile;
pub mod register;
pub mod replay;
pub mod retain;
pub mod schedules;
pub mod sealing;
mod settings;
pub mod sources;
pub mod statements;
pub mod submissions;
mod sum;
pub mod timeliness;
pub mod trend;
pub mod vacancies;
pub mod validate;
mod withdraw;

pub use fault::Fault;
pub use hub::{Hub, Pulse};
pub use settings::{Gate, NEVER, OPEN_GOVERNMENT, PUBLISHER, QUARTERLY, Settings};
