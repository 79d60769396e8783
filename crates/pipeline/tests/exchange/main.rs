//! The use cases end to end, without HTTP: what a borough sends becomes belief, notices, deliveries and releases. Every
//! test runs on both databases.

#![cfg(test)]

mod dryrun;
mod guard;
mod order;
mod receive;
mod refused;
mod rig;
