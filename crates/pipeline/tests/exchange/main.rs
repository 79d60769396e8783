//! The use cases end to end, without HTTP: what a borough sends becomes belief, notices, deliveries and releases. Every
//! test runs on both databases.

#![cfg(test)]

mod against;
mod board;
mod checks;
mod datasets;
mod deliver;
mod dryrun;
mod endpoints;
mod feeds;
mod guard;
mod held;
mod holidays;
mod homes;
mod ladder;
mod modes;
mod moves;
mod notices;
mod order;
mod outage;
mod own;
mod publish;
mod receive;
mod reconcile;
mod refused;
mod register;
mod rejected;
mod replicas;
mod retain;
mod rig;
mod secrets;
mod sources;
mod statements;
mod switches;
mod told;
mod trend;
