//! The real binary, to be killed.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Seek as _, SeekFrom};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::hub::ISSUER;
use crate::program::program;

/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(2);

/// How `hub serve` is started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The database.
    pub url: String,
    /// More arguments of `serve`.
    pub args: Vec<String>,
    /// More environment.
    pub env: Vec<(String, String)>,
    /// Which log lines to write.
    pub log: &'static str,
}

/// A running `hub serve`; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From starting the process to its first answer being possible.
    pub rose_in: Duration,
    log: PathBuf,
    _folder: TempDir,
}

impl Launch {
    /// `hub serve` on that database, with nothing but warnings in its log.
    pub fn on(url: &str) -> Self {
        Self { url: url.to_owned(), args: Vec::new(), env: Vec::new(), log: "warn" }
    }

    /// With webhooks that go to this machine and nowhere else: in a build with debug assertions, which every test's is.
    #[must_use]
    pub fn to_loopback(mut self) -> Self {
        self.env.push(("HUB_WEBHOOK_LOOPBACK".to_owned(), "true".to_owned()));
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program());
        command.args(["--json", "serve", "--listen", "127.0.0.1:0", "--base-url", ISSUER]).args(&self.args);
        command.env_clear().env("HUB_DATABASE_URL", &self.url).env("HUB_LOG", self.log);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }
}

impl Launch {
    /// Starts it and kills it after so long, whatever it was doing.
    ///
    /// # Panics
    /// When there is no process to kill.
    pub fn start_and_kill(&self, after: Duration) {
        let mut child = self.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the hub's process");
        std::thread::sleep(after);
        child.kill().expect("killed");
        child.wait().expect("gone");
    }
}

impl Process {
    /// Starts it and waits until it listens.
    ///
    /// # Panics
    /// When it does not come to that.
    pub fn start(launch: &Launch) -> Self {
        let folder = tempfile::tempdir().expect("a folder for its log");
        let log = folder.path().join("stderr.log");
        let mut command = launch.command();
        command.stderr(File::create(&log).expect("a file for its log"));
        let began = Instant::now();
        let mut child = command.spawn().expect("the hub's process");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("its output as text");
        let rose_in = began.elapsed();
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(address) = said["listening"].as_str().and_then(|text| text.parse().ok()) else {
            let _ = child.kill();
            panic!("the hub did not start: {line:?}\n{}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        Self { child, address, rose_in, log, _folder: folder }
    }

    /// Starts it without blocking the runtime.
    ///
    /// # Panics
    /// As [`Process::start`].
    pub async fn begin(launch: &Launch) -> Self {
        let launch = launch.clone();
        tokio::task::spawn_blocking(move || Self::start(&launch)).await.expect("a started hub")
    }

    /// Its address as `http://…`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// SIGKILL: nothing of it runs any more when this returns.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// SIGTERM: as a service manager tells it to stop.
    ///
    /// # Panics
    /// When it cannot be told.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill(1)");
        assert!(told.success(), "it cannot be told");
    }

    /// How it ended, once it has: its exit code, or `None` when a signal ended it.
    ///
    /// # Panics
    /// When it still runs after `patience`.
    pub async fn ended(&mut self, patience: Duration) -> Option<i32> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "it still runs after {patience:?}\n{}", self.log());
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether it still runs.
    ///
    /// # Panics
    /// When nobody can tell.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    /// What it has written to its log.
    ///
    /// # Panics
    /// When that cannot be read.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).expect("its log")).into_owned()
    }

    /// Resident memory now, and the most it has been: bytes.
    ///
    /// # Panics
    /// When this is not Linux.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}"));
            let kib: u64 = line.split_whitespace().next().and_then(|text| text.parse().ok()).expect("a number of kB");
            kib << 10
        };
        (field("VmRSS:"), field("VmHWM:"))
    }

    /// Whether its memory holds these bytes now: everything that it may write to, its heap, stacks and pages among it.
    ///
    /// # Panics
    /// When this is not Linux, or the process is gone.
    pub fn remembers(&self, needle: &[u8]) -> bool {
        let place = format!("/proc/{}", self.child.id());
        let maps = std::fs::read_to_string(format!("{place}/maps")).expect("its map");
        let mut memory = File::open(format!("{place}/mem")).expect("its memory");
        let mut looked_at = 0;
        for (from, to) in maps.lines().filter_map(writable) {
            let mut bytes = Vec::new();
            // What is mapped and cannot be read holds nothing of its own: a device, a page beyond a file's end.
            if memory.seek(SeekFrom::Start(from)).is_ok() {
                let _ = Read::by_ref(&mut memory).take(to - from).read_to_end(&mut bytes);
            }
            looked_at += bytes.len();
            if holds(&bytes, needle) {
                return true;
            }
        }
        assert!(looked_at > 1 << 20, "{looked_at} bytes are not the memory of a hub");
        false
    }
}

/// Where a line of `/proc/…/maps` begins and ends, if it may be written to.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let address = |text| u64::from_str_radix(text, 16).ok();
    words.next()?.starts_with("rw").then_some((address(from)?, address(to)?))
}

/// The standard library looks for the first byte, which is fast in a test that is not optimised too.
fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return true };
    let mut left = bytes;
    while left.skip_until(*first).is_ok_and(|passed| passed > 0) {
        if left.starts_with(rest) && !left.is_empty() {
            return true;
        }
    }
    false
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
