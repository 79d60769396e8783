//! `hub-agent`: see `hub-agent --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    hub_agent::command::run(std::env::args_os(), &mut out, &mut err)
}
