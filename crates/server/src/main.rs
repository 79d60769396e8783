//! `hub`: see `hub --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hub_server::command::run(std::env::args_os())
}
