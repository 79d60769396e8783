//! A borough's whole return of a year, read, joined, degraded and judged by the agent: CPU and peak memory.
//!
//! The agent is the binary that boroughs run, in a process of its own, and says itself what it cost (`--cost`).

mod child;
mod files;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

/// Which return.
#[derive(Args)]
pub struct Options {
    /// Children in the return.
    #[arg(long, default_value_t = 20_000)]
    children: u32,
    /// The seed that the children are drawn from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Runs; the median is quoted.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Keep the files in this folder.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// The agent; the one beside this program when not given.
    #[arg(long, value_name = "FILE")]
    agent: Option<PathBuf>,
}

/// What one run cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    cpu_seconds: f64,
    peak_mib: f64,
}

pub fn run(options: &Options) -> anyhow::Result<()> {
    let passing = tempfile::tempdir()?;
    let folder = options.keep.as_deref().unwrap_or(passing.path());
    std::fs::create_dir_all(folder)?;
    let made = files::write(folder, options.children, options.seed)?;
    println!("{} children, seed {}: {} rows in {} files", options.children, options.seed, made.rows, made.files.len());
    for (name, rows, bytes) in &made.files {
        println!("  {name:<18} {rows:>8} rows {:>8} KiB", bytes / 1024);
    }
    let agent = match &options.agent {
        Some(agent) => agent.clone(),
        None => std::env::current_exe()?.with_file_name("hub-agent"),
    };
    anyhow::ensure!(agent.is_file(), "there is no {}: cargo build --release -p hub-agent", agent.display());
    let mut costs = Vec::new();
    for _ in 0..options.runs.max(1) {
        let (cost, rows) = measure(&agent, folder)?;
        println!("  {:.2} s of CPU, {:.0} MiB at most, {rows}", cost.cpu_seconds, cost.peak_mib);
        costs.push(cost);
    }
    costs.sort_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds));
    let median = costs[costs.len() / 2];
    let peak = costs.iter().map(|cost| cost.peak_mib).fold(0.0, f64::max);
    let verdict = |is_kept: bool| if is_kept { "kept" } else { "MISSED" };
    println!("CPU: {:.2} s (promised 2): {}", median.cpu_seconds, verdict(median.cpu_seconds <= 2.0));
    println!("memory: {peak:.0} MiB (promised 150): {}", verdict(peak <= 150.0));
    Ok(())
}

fn measure(agent: &Path, folder: &Path) -> anyhow::Result<(Cost, String)> {
    let files = folder.join("return");
    let ran = Command::new(agent)
        .args(["validate", "--cost", "--authority", "E09000023", "--as-at", "2026-03-31", "--postcodes"])
        .arg(folder.join("postcodes.csv"))
        .arg(&files)
        .current_dir(folder)
        .output()?;
    let (said, told) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    let line = said.lines().rev().find(|line| line.contains(" s of CPU, "));
    let line = line.ok_or_else(|| anyhow::anyhow!("the agent did not say what it cost: {told}"))?;
    let mut numbers = line.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
    let (Some(cpu_seconds), Some(peak_mib)) = (numbers.next(), numbers.next()) else {
        anyhow::bail!("what it cost was not said in numbers: {line}")
    };
    let rows = said.lines().find(|line| line.contains(" children: ")).unwrap_or_default().to_owned();
    Ok((Cost { cpu_seconds, peak_mib }, rows))
}
