//! Where the real binaries are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The `hub` binary of this build: found beside the tests, built once if it is missing or older than its library.
///
/// # Panics
/// When it cannot be built.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| found("hub", "libhub_server-"))
}

/// The `hub-agent` binary, likewise.
///
/// # Panics
/// When it cannot be built.
pub fn agent_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| found("hub-agent", "libhub_agent-"))
}

fn found(name: &str, library: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let deps = test.parent().expect("a folder of tests");
    let profile = deps.parent().expect("a folder of programs");
    let program = profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let newest = newest_library(deps, library);
    if written(&program).is_none_or(|program| newest.is_some_and(|newest| program < newest)) {
        build(profile);
    }
    program
}

fn written(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// When a binary's own library was last built, by this build or by another with other features.
fn newest_library(deps: &Path, library: &str) -> Option<SystemTime> {
    let files = deps.read_dir().ok()?;
    let of_it =
        |name: &str| name.starts_with(library) && Path::new(name).extension().is_some_and(|kind| kind == "rlib");
    files
        .flatten()
        .filter(|file| file.file_name().to_str().is_some_and(of_it))
        .filter_map(|file| written(&file.path()))
        .max()
}

/// Cargo's own lock on the target folder keeps two test programs from building at once.
fn build(profile: &Path) {
    let name = profile.file_name().and_then(|name| name.to_str()).expect("a profile");
    let target = profile.parent().expect("the target folder");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
    cargo.args(["build", "--offline", "--quiet", "-p", "hub-testkit", "-p", "hub-server", "--bin", "hub"]);
    cargo.args(["-p", "hub-agent", "--bin", "hub-agent", "--profile"]);
    cargo.arg(if name == "debug" { "dev" } else { name }).arg("--target-dir").arg(target);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    let built = cargo.status().expect("cargo runs");
    assert!(built.success(), "the binaries do not build");
}
