//! `doctor`: everything that stops a night's feed, looked at by day.

mod hub;
mod local;

use serde::Serialize;

use super::{Done, Screen, Stop};
use crate::settings::Settings;

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Good,
    Doubtful,
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    /// What.
    name: &'static str,
    standing: Standing,
    /// How it is.
    found: String,
    /// What to do; blank when nothing.
    advice: String,
}

impl Check {
    fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, standing: Standing::Good, found: found.into(), advice: String::new() }
    }

    fn doubtful(name: &'static str, found: impl Into<String>, advice: &str) -> Self {
        Self { name, standing: Standing::Doubtful, found: found.into(), advice: advice.to_owned() }
    }

    fn wrong(name: &'static str, found: impl Into<String>, advice: &str) -> Self {
        Self { name, standing: Standing::Wrong, found: found.into(), advice: advice.to_owned() }
    }
}

/// Looks at everything and tells it. Findings when anything is wrong.
pub(super) async fn run(screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let mut checks = Vec::new();
    match Settings::read(&screen.config) {
        Ok(settings) => {
            checks.push(Check::good(
                "settings",
                format!("{}, authority {}", screen.config.display(), settings.authority),
            ));
            local::look(&settings, &screen.config, &screen.network, &mut checks);
            hub::look(&settings, &screen.network, &mut checks).await;
        }
        Err(error) => {
            let advice = "Make them with `hub-agent init`, or name them with --config.";
            checks.push(Check::wrong("settings", in_full(&error), advice));
        }
    }
    if screen.json {
        let text = serde_json::to_string_pretty(&checks).map_err(std::io::Error::from)?;
        writeln!(screen.out, "{text}")?;
    } else {
        for check in &checks {
            let mark = match check.standing {
                Standing::Good => "good    ",
                Standing::Doubtful => "doubtful",
                Standing::Wrong => "WRONG   ",
            };
            writeln!(screen.out, "{mark}  {:<14} {}", check.name, check.found)?;
            if !check.advice.is_empty() {
                writeln!(screen.out, "{:26}{}", "", check.advice)?;
            }
        }
    }
    let is_wrong = checks.iter().any(|check| check.standing == Standing::Wrong);
    Ok(if is_wrong { Done::Findings } else { Done::Good })
}

/// An error and its causes on one line.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
