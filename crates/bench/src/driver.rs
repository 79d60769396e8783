//! A real hub in a process of its own, driven as a borough drives it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

/// A running hub; killed when dropped.
pub struct Hub {
    child: Child,
    base: String,
    /// The address that its tokens name.
    issuer: String,
    client: reqwest::Client,
    token: String,
}

/// How a feed was taken.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// From the first byte sent to the receipt.
    pub receipt: Duration,
    /// From the first byte sent to the verdict.
    pub verdict: Duration,
}

/// The hub's binary, which stands beside this one.
pub fn binary() -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("hub");
    if !path.exists() {
        bail!("{} is not there: run `cargo build --release` first", path.display());
    }
    Ok(path)
}

fn command(url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(binary()?);
    // One client asks as a thousand do: its rate is counted as ever, and never runs out.
    let most = "1000000000";
    command.env("HUB_CLIENT_RATE", most).env("HUB_CLIENT_BURST", most);
    command.env("HUB_DATABASE_URL", url).env("HUB_LOG", "warn");
    Ok(command)
}

/// Runs a `hub` command and reads its JSON answer.
pub fn run(url: &str, args: &[&str]) -> anyhow::Result<Value> {
    let done = command(url)?.args(args).output()?;
    if !done.status.success() {
        bail!("hub {}: {}", args.join(" "), String::from_utf8_lossy(&done.stderr));
    }
    Ok(serde_json::from_slice(&done.stdout).unwrap_or(Value::Null))
}

impl Hub {
    /// A migrated hub with these boroughs, and a token to send for all of them.
    pub async fn start(url: &str, authorities: &[&str]) -> anyhow::Result<Self> {
        run(url, &["migrate"])?;
        for authority in authorities {
            run(url, &["authority", "add", authority, "--joined", "2026-11-01", "--feeds", "all"])?;
        }
        let of = authorities.join(",");
        let args =
            ["client", "add", "bench", "--role", "borough,commissioner", "--authority", &of, "--secret", "--json"];
        let added = run(url, &args)?;
        let text =
            |key: &str| added[key].as_str().map(str::to_owned).with_context(|| format!("client add gave no {key}"));
        let (id, secret) = (text("client_id")?, text("client_secret")?);
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let base = format!("http://127.0.0.1:{port}");
        let child = command(url)?
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--base-url", &base])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        let client = reqwest::Client::builder().timeout(Duration::from_secs(900)).no_proxy().build()?;
        let mut hub = Self { child, issuer: base.clone(), base, client, token: String::new() };
        hub.ready().await?;
        hub.token = hub.token_for(&id, &secret).await?;
        Ok(hub)
    }

    /// Another replica on the same database, which takes the same tokens.
    pub async fn replica(&self, url: &str) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = command(url)?
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--base-url", &self.issuer])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        let (client, token) = (self.client.clone(), self.token.clone());
        let base = format!("http://127.0.0.1:{port}");
        let other = Self { child, base, issuer: self.issuer.clone(), client, token };
        other.ready().await?;
        Ok(other)
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            let answer = self.client.get(format!("{}/health/ready", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the hub did not become ready")
    }

    async fn token_for(&self, id: &str, secret: &str) -> anyhow::Result<String> {
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let answer: Value =
            self.client.post(format!("{}/oauth/token", self.base)).form(&form).send().await?.json().await?;
        answer["access_token"].as_str().map(str::to_owned).with_context(|| format!("no token: {answer}"))
    }

    /// Sends a placements feed and waits for its verdict.
    pub async fn push(&self, csv: &Path, authority: &str, as_at: &str) -> anyhow::Result<(Taken, Value)> {
        let bytes = tokio::fs::read(csv).await?;
        let key = format!("bench-{authority}-{as_at}-{}", bytes.len());
        let url =
            format!("{}/v1/submissions?dataset=placements&authority={authority}&mode=full&as_at={as_at}", self.base);
        let began = Instant::now();
        let answer = self
            .client
            .post(url)
            .bearer_auth(&self.token)
            .header("Idempotency-Key", key)
            .header("Content-Type", "text/csv")
            .body(bytes)
            .send()
            .await?;
        let receipt = began.elapsed();
        let status = answer.status();
        let answer: Value = answer.json().await?;
        let id = answer["id"].as_str().with_context(|| format!("{status}: {answer}"))?.to_owned();
        loop {
            let url = format!("{}/v1/submissions/{id}?wait=30", self.base);
            let seen: Value = self.client.get(url).bearer_auth(&self.token).send().await?.json().await?;
            if seen["verdict"].is_string() {
                return Ok((Taken { receipt, verdict: began.elapsed() }, seen));
            }
        }
    }

    /// Where the hub listens, as `host:port`.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The token it is driven with.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The most memory the process has held, bytes.
    pub fn peak(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
        let kib: u64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
