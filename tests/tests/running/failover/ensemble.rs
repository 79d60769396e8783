//! Three PostgreSQL nodes under Patroni with synchronous replication, their etcd, and an haproxy that finds the primary: all on
//! loopback, from Debian's programs, gone with the test.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hub_testkit::plain_client;
use serde_json::Value;
use tempfile::TempDir;

/// What must be installed beside PostgreSQL.
const PROGRAMS: [&str; 3] = ["patroni", "etcd", "haproxy"];
/// How long the first primary and its standbys may take.
const RISE: Duration = Duration::from_secs(90);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(200);
const NODES: usize = 3;

/// Programs that are not here; none when the test can run.
pub(crate) fn lacking() -> Vec<&'static str> {
    let is_there =
        |name: &str| ["/usr/bin", "/usr/sbin", "/bin"].iter().any(|folder| Path::new(folder).join(name).is_file());
    let mut lacking: Vec<&str> = PROGRAMS.into_iter().filter(|name| !is_there(name)).collect();
    lacking.extend(hub_testdb::tool("postgres").is_none().then_some("postgresql"));
    lacking
}

/// The ensemble; everything of it is killed when this is dropped.
pub(crate) struct Ensemble {
    children: Vec<(String, Child)>,
    nodes: Vec<Node>,
    proxy: u16,
    folder: TempDir,
}

struct Node {
    name: String,
    rest: u16,
    data: PathBuf,
}

/// A port that nobody has.
fn port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// The user that PostgreSQL runs as where this is root.
fn unprivileged() -> Option<(u32, u32)> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0");
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let fields = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = fields.split(':').skip(2);
    let ids = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    is_root.then_some(ids)
}

impl Ensemble {
    /// Starts it and waits until there is a primary, and a standby that is synchronous.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (client, peer, proxy) = (port(), port(), port());
        let mut ensemble = Self { children: Vec::new(), nodes: Vec::new(), proxy, folder };
        ensemble.own(ensemble.folder.path());
        let (at, with) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
        let data = ensemble.folder.path().join("etcd").display().to_string();
        ensemble.spawn(
            "etcd",
            "etcd",
            &[
                "--data-dir",
                &data,
                "--listen-client-urls",
                &at,
                "--advertise-client-urls",
                &at,
                "--listen-peer-urls",
                &with,
                "--initial-advertise-peer-urls",
                &with,
                "--initial-cluster",
                &format!("default={with}"),
            ],
        );
        let mut servers = String::new();
        for n in 1..=NODES {
            let (rest, sql) = (port(), port());
            let data = ensemble.folder.path().join(format!("data{n}"));
            let file = ensemble.folder.path().join(format!("node{n}.yml"));
            fs::write(&file, ensemble.configuration(n, (client, rest, sql), &data)).expect("written");
            ensemble.own(&file);
            ensemble.spawn(&format!("node{n}"), "patroni", &[&file.display().to_string()]);
            ensemble.nodes.push(Node { name: format!("node{n}"), rest, data });
            servers.push_str(&format!("  server node{n} 127.0.0.1:{sql} check port {rest}\n"));
            if n == 1 {
                // The others copy what it makes.
                ensemble.wait(1, 0).await;
            }
        }
        ensemble.wait(NODES, 1).await;
        let file = ensemble.folder.path().join("haproxy.cfg");
        fs::write(&file, proxy_configuration(proxy, &servers)).expect("written");
        ensemble.own(&file);
        ensemble.spawn("haproxy", "haproxy", &["-db", "-f", &file.display().to_string()]);
        ensemble
    }

    /// The URL of whichever node is the primary.
    pub(crate) fn url(&self) -> String {
        format!("postgres://hub@127.0.0.1:{}/postgres", self.proxy)
    }

    fn configuration(&self, n: usize, (etcd, rest, sql): (u16, u16, u16), data: &Path) -> String {
        let bin = hub_testdb::tool("postgres").expect("a server");
        let (bin, home) = (bin.parent().expect("a folder").display().to_string(), self.folder.path().display());
        format!(
            "scope: hub\nname: node{n}\nrestapi: {{listen: '127.0.0.1:{rest}', connect_address: '127.0.0.1:{rest}'}}\n\
             etcd3: {{host: '127.0.0.1:{etcd}'}}\n\
             bootstrap:\n  dcs:\n    ttl: 20\n    loop_wait: 2\n    retry_timeout: 3\n    synchronous_mode: true\n    \
             synchronous_mode_strict: true\n    postgresql:\n      use_pg_rewind: true\n      parameters: {{max_connections: 60, \
             shared_buffers: 32MB, dynamic_shared_memory_type: mmap, wal_log_hints: 'on'}}\n  \
             initdb: [{{encoding: UTF8}}, {{locale: C}}]\n  pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', \
             'host replication all 127.0.0.1/32 trust']\n\
             postgresql:\n  listen: '127.0.0.1:{sql}'\n  connect_address: '127.0.0.1:{sql}'\n  data_dir: '{data}'\n  \
             bin_dir: '{bin}'\n  pgpass: '{home}/pgpass{n}'\n  authentication:\n    superuser: {{username: hub, password: hub}}\n    \
             replication: {{username: replicator, password: hub}}\n  parameters: {{unix_socket_directories: '{home}'}}\n",
            data = data.display()
        )
    }

    fn own(&self, path: &Path) {
        if let Some((uid, gid)) = unprivileged() {
            chown(path, Some(uid), Some(gid)).expect("given to its user");
        }
    }

    fn spawn(&mut self, name: &str, program: &str, args: &[&str]) {
        let log = fs::File::create(self.folder.path().join(format!("{name}.log"))).expect("a log");
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path()).env_clear();
        command.env("PATH", "/usr/bin:/usr/sbin:/bin").env("LC_ALL", "C.UTF-8").process_group(0).stdin(Stdio::null());
        command.stdout(log.try_clone().expect("a log")).stderr(log);
        if let Some((uid, gid)) = unprivileged() {
            command.uid(uid).gid(gid);
        }
        self.children.push((name.to_owned(), command.spawn().expect("it starts")));
    }

    /// Waits for so many members that run, of whom so many are synchronous standbys.
    async fn wait(&self, members: usize, synchronous: usize) {
        let deadline = Instant::now() + RISE;
        loop {
            let all = self.members().await;
            let runs = |member: &&Value| ["running", "streaming"].iter().any(|state| member["state"] == *state);
            let count = |role: &str| all.iter().filter(runs).filter(|member| member["role"] == role).count();
            let well = all.iter().filter(runs).count() >= members && count("leader") == 1;
            if well && count("sync_standby") >= synchronous {
                return;
            }
            assert!(Instant::now() < deadline, "the nodes did not come up: {all:?}\n{}", self.logs());
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn members(&self) -> Vec<Value> {
        for node in &self.nodes {
            let asked = plain_client().get(format!("http://127.0.0.1:{}/cluster", node.rest)).send().await;
            if let Ok(answer) = asked
                && let Ok(document) = answer.json::<Value>().await
                && let Some(members) = document["members"].as_array()
            {
                return members.clone();
            }
        }
        Vec::new()
    }

    /// Kills the primary as a machine dies: its supervisor and its server, at once and without a word. Which it was.
    pub(crate) async fn kill_primary(&mut self) -> String {
        let members = self.members().await;
        let leader = members.iter().find(|member| member["role"] == "leader").expect("a leader");
        let name = leader["name"].as_str().expect("a name").to_owned();
        let node = self.nodes.iter().find(|node| node.name == name).expect("a node");
        let postmaster = fs::read_to_string(node.data.join("postmaster.pid")).expect("its process");
        let postmaster = postmaster.lines().next().expect("a number").to_owned();
        let (_, supervisor) = self.children.iter_mut().find(|(child, _)| *child == name).expect("a process");
        supervisor.kill().expect("killed");
        let killed = Command::new("kill").args(["-KILL", &postmaster]).status().expect("kill(1)");
        assert!(killed.success(), "the primary could not be killed");
        supervisor.wait().expect("gone");
        name
    }

    /// Who leads now, if anybody does.
    pub(crate) async fn leader(&self) -> Option<String> {
        let members = self.members().await;
        let leader = members.iter().find(|member| member["role"] == "leader" && member["state"] == "running")?;
        leader["name"].as_str().map(str::to_owned)
    }

    pub(crate) fn logs(&self) -> String {
        let read = |(name, _): &(String, Child)| {
            let text = fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap_or_default();
            let lines: Vec<&str> = text.lines().rev().take(12).collect();
            format!("== {name}\n{}\n", lines.into_iter().rev().collect::<Vec<_>>().join("\n"))
        };
        self.children.iter().map(read).collect()
    }
}

fn proxy_configuration(port: u16, servers: &str) -> String {
    format!(
        "global\n  maxconn 500\ndefaults\n  mode tcp\n  timeout connect 2s\n  timeout client 90s\n  timeout server 90s\n\
         listen primary\n  bind 127.0.0.1:{port}\n  option httpchk GET /primary\n  http-check expect status 200\n  \
         default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions\n{servers}"
    )
}

impl Drop for Ensemble {
    fn drop(&mut self) {
        for (_, child) in self.children.iter_mut().rev() {
            // A supervisor first, or it would start its server again. An error means that it is gone already.
            let _ = child.kill();
            let _ = child.wait();
        }
        for node in &self.nodes {
            let pid = fs::read_to_string(node.data.join("postmaster.pid")).unwrap_or_default();
            if let Some(pid) = pid.lines().next().filter(|pid| pid.parse::<u32>().is_ok()) {
                let _ = Command::new("kill").args(["-QUIT", pid]).status();
            }
        }
    }
}
