//! The private cluster goes when its test process does, however that ends.

#![cfg(test)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use hub_testdb::tool;

/// A process that has a running cluster, and the cluster's folder.
fn start() -> (Child, PathBuf) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hub-testdb-child"))
        .env_remove("HUB_TEST_POSTGRES_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let folder = lines.map(Result::unwrap).find_map(|line| Some(PathBuf::from(line.strip_prefix("folder ")?))).unwrap();
    assert!(folder.join("data/postmaster.pid").exists());
    (child, folder)
}

/// The cluster's keeper holds the child's standard error open until it has done.
fn is_gone(mut child: Child, folder: &std::path::Path) -> bool {
    child.wait().unwrap();
    child.stderr.take().unwrap().read_to_end(&mut Vec::new()).unwrap();
    !folder.exists()
}

#[test]
fn the_cluster_goes_with_a_process_that_is_killed() {
    if tool("initdb").is_none() {
        return; // Said, and required or not, by every test that stamps both halves.
    }
    let (mut child, folder) = start();
    child.kill().unwrap();
    assert!(is_gone(child, &folder));
}

#[test]
fn the_cluster_goes_with_a_process_that_returns() {
    if tool("initdb").is_none() {
        return;
    }
    let (mut child, folder) = start();
    drop(child.stdin.take());
    assert!(is_gone(child, &folder));
}
