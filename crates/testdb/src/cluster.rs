//! A private PostgreSQL cluster that lives exactly as long as this process.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

/// Makes, starts, waits, stops, deletes. Its input is a pipe that nobody writes to: it ends when this process does,
/// whether it returned, panicked or was killed.
const KEEPER: &str = r#"
cleanup() {
  "$BIN/pg_ctl" -D "$HOME_DIR/data" -m immediate -w stop >/dev/null 2>&1
  cd /
  rm -rf "$HOME_DIR"
}
make() {
  "$BIN/initdb" -D "$HOME_DIR/data" -U hub -A trust -N -E UTF8 "$@" >"$HOME_DIR/initdb.log" 2>&1 \
    || { rm -rf "$HOME_DIR/data"; return 1; }
}
cd "$HOME_DIR"
# A language whose order differs from the bytes', where the server has one: order that was left to the server shows.
if make --locale=C --locale-provider=icu --icu-locale=en-GB || make --locale=C; then
  printf '%s\n' "$CONFIGURATION" >>"$HOME_DIR/data/postgresql.conf"
  "$BIN/pg_ctl" -D "$HOME_DIR/data" -l "$HOME_DIR/server.log" -w -t 60 start >"$HOME_DIR/start.log" 2>&1 && echo ready
fi
exec >&-
read -r nothing
cleanup
"#;

/// A running cluster; it stops some time after this is dropped.
pub(crate) struct Cluster {
    home: PathBuf,
    /// Closed by the system when this process ends; that is the signal.
    _alive: ChildStdin,
}

impl Cluster {
    /// Starts a cluster from the programs in `bin`; it takes a second or two.
    ///
    /// # Panics
    /// When the programs are there and yet no server comes up: that is a fault of the machine or of this harness, and a
    /// suite that went on without its second half would hide it.
    pub(crate) fn start(bin: &Path) -> Self {
        Self::start_with(bin, "")
    }

    /// The same with more lines in its configuration.
    ///
    /// # Panics
    /// As [`Cluster::start`].
    pub(crate) fn start_with(bin: &Path, more: &str) -> Self {
        let home = home();
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(KEEPER).process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.env("BIN", bin).env("HOME_DIR", &home).env("CONFIGURATION", configuration(&home) + more);
        if is_root() {
            let (uid, gid) = unprivileged();
            chown(&home, Some(uid), Some(gid)).expect("the cluster's folder given to its user");
            command.uid(uid).gid(gid);
        }
        #[expect(clippy::zombie_processes, reason = "it outlives this process, by design; see KEEPER")]
        let mut keeper = command.spawn().expect("a shell");
        let alive = keeper.stdin.take().expect("its input");
        let mut said = String::new();
        keeper.stdout.take().expect("its output").read_to_string(&mut said).expect("text");
        if said.trim() != "ready" {
            let logs: String = ["initdb.log", "start.log", "server.log"]
                .iter()
                .filter_map(|name| fs::read_to_string(home.join(name)).ok())
                .collect();
            panic!("PostgreSQL is installed in {} but did not start:\n{logs}", bin.display());
        }
        Self { home, _alive: alive }
    }

    /// The URL of a database of the cluster.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://hub@localhost/{database}?host={}", self.home.display())
    }
}

/// What the hub insists on (`fsync`, `synchronous_commit`) stays as it is by default.
fn configuration(home: &Path) -> String {
    format!(
        "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 200\nwal_level = minimal\n\
         max_wal_senders = 0\ndynamic_shared_memory_type = mmap\nmax_wal_size = 512MB\nautovacuum_naptime = 10min\ntimezone = 'UTC'\n",
        home.display()
    )
}

/// A new folder in memory where there is such a place: a cluster's files are many and short-lived.
fn home() -> PathBuf {
    let shared = Path::new("/dev/shm");
    let parent = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
    let folder = tempfile::Builder::new().prefix("hub-testdb-").tempdir_in(&parent).or_else(|_| tempfile::tempdir());
    folder.expect("a temporary folder").keep()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout.trim_ascii() == b"0"
}

/// The server refuses to run as root: `postgres`, or else `nobody`.
fn unprivileged() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let find = |name: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let (user, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
            (user == name).then_some((uid.parse().ok()?, gid.parse().ok()?))
        })
    };
    find("postgres").or_else(|| find("nobody")).expect("a user that is not root, to run PostgreSQL as")
}
