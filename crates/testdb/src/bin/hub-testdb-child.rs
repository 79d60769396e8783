//! A process that has a cluster, for the test of what becomes of it: says where, and ends when its input does.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a test reads what it says, and sees it fail")]

use std::io::Read as _;

use hub_testdb::{Backend, run};

fn main() {
    run(Backend::Postgres, async |db| {
        println!("folder {}", db.url().split("host=").nth(1).expect("a private cluster's folder"));
        std::io::stdin().read_to_end(&mut Vec::new()).expect("an input that ends");
    });
}
