//! `schedule`: what a machine's own scheduler is to be given. Nothing is installed: that is the machine's owner's to do.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Time;

use super::push::parse_time;
use super::{Done, Screen, Stop};

/// What is to run, and when.
#[derive(Debug, Args)]
pub(super) struct Schedule {
    /// At what time of the machine's own clock.
    #[arg(long, value_name = "TIME", default_value = "02:15", value_parser = parse_time)]
    daily: Time,
    /// The command to run, after `--`: push /data/return --postcodes /data/onspd.csv
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Prints lines for cron, systemd and the Windows Task Scheduler.
pub(super) fn run(schedule: &Schedule, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("hub-agent"));
    let config = std::path::absolute(&screen.config)?;
    let folder = config.parent().unwrap_or(Path::new("/")).to_owned();
    let (program, config) = (program.display().to_string(), config.display().to_string());
    let parts = [&program, "--config", &config].into_iter().chain(schedule.command.iter().map(String::as_str));
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    let (hour, minute) = (schedule.daily.hour(), schedule.daily.minute());
    let line = |quote: fn(&str) -> String| parts.iter().map(|part| quote(part)).collect::<Vec<_>>().join(" ");
    let cron = format!("{minute} {hour} * * * {}", line(shell).replace('%', "\\%"));
    let service = format!("[Service]\nType=oneshot\nWorkingDirectory={}\nExecStart={}", folder.display(), line(unit));
    let timer = format!(
        "[Timer]\nOnCalendar=*-*-* {hour:02}:{minute:02}:00\nPersistent=true\n\n[Install]\nWantedBy=timers.target"
    );
    let windows = format!(
        "schtasks /Create /TN \"Sufficiency Hub\" /SC DAILY /ST {hour:02}:{minute:02} /TR \"{}\"",
        line(command).replace('"', "\\\"")
    );
    if screen.json {
        let told = serde_json::json!({ "cron": cron, "service": service, "timer": timer, "windows": windows });
        writeln!(screen.out, "{told:#}")?;
        return Ok(Done::Good);
    }
    writeln!(screen.out, "cron (crontab -e):\n{cron}\n")?;
    writeln!(screen.out, "systemd, ~/.config/systemd/user/hub-agent.service:\n{service}\n")?;
    writeln!(screen.out, "and hub-agent.timer, then: systemctl --user enable --now hub-agent.timer\n{timer}\n")?;
    writeln!(screen.out, "Windows Task Scheduler:\n{windows}\n")?;
    writeln!(screen.out, "Neither: leave it running, {program} push … --daily {hour:02}:{minute:02}")?;
    writeln!(
        screen.out,
        "\nThe exit code tells: 0 good, 1 findings for somebody, 3 could not be sent; the next run goes on with it."
    )?;
    Ok(Done::Good)
}

/// A word for a POSIX shell.
fn shell(word: &str) -> String {
    let is_plain =
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-:=,".contains(&byte));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// A word for a systemd unit.
fn unit(word: &str) -> String {
    let plain = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    if plain.contains(' ') || plain.is_empty() { format!("\"{plain}\"") } else { plain }
}

/// A word for a Windows command line.
fn command(word: &str) -> String {
    if word.contains(' ') || word.is_empty() { format!("\"{word}\"") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_whoever_reads_them() {
        assert_eq!(["a/b", "a b", "it's", ""].map(shell), ["a/b", "'a b'", "'it'\\''s'", "''"]);
        assert_eq!(["a b", "50%", "a"].map(unit), ["\"a b\"", "50%%", "a"]);
        assert_eq!(["C:\\Program Files\\x", "a"].map(command), ["\"C:\\Program Files\\x\"", "a"]);
    }
}
