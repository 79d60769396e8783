//! The promises of reliability and security that one machine can test without killing anything, on both databases.
//! Each gate keeps a planted fault that it must catch.

mod addressee;
mod anything;
mod asked;
mod calls;
mod canaries;
mod fair;
mod given;
mod hangup;
mod letters;
mod matrix;
mod night;
mod order;
mod pages;
mod powerbi;
mod reconciliation;
mod releases;
mod replays;
mod reporting;
mod sealed;
mod signed;
mod stranger;
mod tokens;
