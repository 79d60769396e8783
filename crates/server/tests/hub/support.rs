//! A folder to run the program in, and what it said.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own, where the program finds no settings but those it is given.
pub(crate) struct Desk(TempDir);

/// What the program said and how it ended.
#[derive(Debug, PartialEq)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A desk with a migrated database in the usual place.
    pub(crate) fn migrated() -> Self {
        let desk = Self::new();
        assert_eq!(desk.run(&["migrate"]).code, 0);
        desk
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Does to the usual database what the program would not.
    pub(crate) fn sql(&self, sql: &str) {
        let url = format!("sqlite:{}", self.path().join("hub-data/hub.sqlite").display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hub_store::testing::query(&url, sql)).unwrap();
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_in(args, &[])
    }

    /// Runs the program with environment variables.
    pub(crate) fn run_in(&self, args: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(program());
        command.args(args).current_dir(self.path()).env_clear().envs(environment.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    /// The document it printed.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_hub")
}
