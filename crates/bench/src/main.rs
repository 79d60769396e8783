//! Measurements that anyone can run: every figure is a ratio of two things done in the same run.
//!
//! `cargo build --release && cargo run --release -p hub-bench -- load` — see `docs/performance.md`.

mod annual;
mod data;
mod deliver;
mod driver;
mod load;
mod reconcile;
mod replicas;
mod serve;
mod shell;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures the hub against what it is built on", version)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// First load, the next night, and peak memory, against `\copy` or `executemany` of the same rows.
    Load(load::Options),
    /// A borough's real night: 1,500 rows, receipt and report.
    Night(load::NightOptions),
    /// A published table against a bare handler that returns the same bytes, and how long its readers wait.
    Serve(serve::Options),
    /// The bare handler that `serve` measures against, in a process of its own as the hub is; says where it listens.
    #[command(hide = true)]
    Bare {
        /// The bytes to return.
        body: std::path::PathBuf,
    },
    /// A night's reconciliation of three accounts, and that it grows no faster than they do.
    Reconcile(reconcile::Options),
    /// Two replicas on PostgreSQL: how long readers wait while every borough pushes in the same second, against the same
    /// readers with nothing going on; and how many answers were faults.
    Replicas(replicas::Options),
    /// A borough's whole return, all files, through the agent: CPU and peak memory.
    Return(annual::Options),
    /// Notices to local receivers: deliveries per second.
    Deliver(deliver::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Args::parse().what {
        What::Load(options) => load::run(&options).await,
        What::Night(options) => load::night(&options).await,
        What::Serve(options) => serve::run(&options).await,
        What::Bare { body } => serve::bare(&body).await,
        What::Reconcile(options) => reconcile::run(&options).await,
        What::Replicas(options) => replicas::run(&options).await,
        What::Return(options) => annual::run(&options),
        What::Deliver(options) => deliver::run(&options).await,
    }
}
