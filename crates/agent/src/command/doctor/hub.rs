//! What lies between this machine and the hub, and at the hub.

use hub_contract::contract;
use hub_domain::{Clock as _, Dataset, SystemClock, Timestamp};
use serde_json::Value;

use super::super::connect_once;
use super::super::network::Network;
use super::{Check, in_full};
use crate::hub::HubClient;
use crate::settings::Settings;

/// Seconds by which the clocks may differ: a hub allows thirty.
const LEEWAY: i64 = 25;

pub(super) async fn look(settings: &Settings, network: &Network, checks: &mut Vec<Check>) {
    let client = match connect_once(settings, network) {
        Ok(client) => client,
        Err(stop) => {
            checks.push(Check::wrong("hub", in_full(&stop), "Correct the settings; nothing was asked of the hub."));
            return;
        }
    };
    let greeting = match client.greet().await {
        Ok(greeting) => greeting,
        Err(error) => {
            let advice = "Ask whoever runs the network whether this machine may go out to the hub; a proxy is `--proxy`, a \
                          council's own certificate `--ca`.";
            checks.push(Check::wrong("hub", format!("{} ({})", in_full(&error), network.way(settings)), advice));
            return;
        }
    };
    checks.push(Check::good("hub", format!("{} answers, {}", greeting.issuer, network.way(settings))));
    checks.push(clock(greeting.date, SystemClock.now()));
    checks.push(match client.prove().await {
        Ok(()) => Check::good("client", format!("the hub knows {} and believes it", settings.client_id)),
        Err(error) => {
            Check::wrong("client", in_full(&error), "Give the hub's operator what `hub-agent jwk` prints, to register.")
        }
    });
    checks.push(contracts(&client).await);
}

/// The hub's clock against this machine's.
pub(super) fn clock(theirs: Option<Timestamp>, ours: Timestamp) -> Check {
    let Some(theirs) = theirs else {
        return Check::doubtful("clock", "the hub does not say what time it is", "Compare the clock by hand.");
    };
    let ahead = ours.as_second().saturating_sub(theirs.as_second());
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    let found = format!("{} s {side} the hub's", ahead.abs());
    if ahead.abs() > LEEWAY {
        return Check::wrong(
            "clock",
            found,
            "Let the machine take its time from the network (NTP): proofs are for two minutes.",
        );
    }
    Check::good("clock", found)
}

async fn contracts(client: &HubClient) -> Check {
    let listed = match client.contracts().await {
        Ok(listed) => listed,
        Err(error) => {
            return Check::doubtful(
                "contracts",
                in_full(&error),
                "The hub judges by its own; ask its operator for the versions.",
            );
        }
    };
    let others = differing(&listed);
    if others.is_empty() {
        return Check::good("contracts", "the hub judges by the same versions as this program");
    }
    let advice = "Fetch the hub-agent that goes with the hub: until then what is valid here may not be there.";
    Check::doubtful("contracts", format!("the hub has others of {}", others.join(", ")), advice)
}

/// Datasets of which the hub's list names another version than this program's.
pub(super) fn differing(listed: &Value) -> Vec<String> {
    let items = ["contracts", "items", "data"].iter().find_map(|name| listed.get(name)).unwrap_or(listed);
    let items = items.as_array().map_or(&[][..], Vec::as_slice);
    let text = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let other = |item: &Value| {
        let dataset: Dataset = text(item, "dataset")?.parse().ok()?;
        let theirs = text(item, "version")?;
        (theirs != contract(dataset).version)
            .then(|| format!("{dataset} ({theirs}, here {})", contract(dataset).version))
    };
    items.iter().filter_map(other).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;

    #[test]
    fn clocks_may_differ_a_little() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-07-09T12:00:00Z");
        assert_eq!(clock(Some(at("2026-07-09T11:59:50Z")), now).standing, Standing::Good);
        let told = clock(Some(at("2026-07-09T12:01:00Z")), now);
        assert_eq!((told.standing, told.found.as_str()), (Standing::Wrong, "60 s behind the hub's"));
        assert_eq!(clock(None, now).standing, Standing::Doubtful);
    }

    #[test]
    fn another_version_is_told() {
        let version = &contract(Dataset::Vacancies).version;
        let listed = serde_json::json!({ "contracts": [
            { "dataset": "vacancies", "version": version }, { "dataset": "placements", "version": "9.0.0" }
        ] });
        assert_eq!(differing(&listed).len(), 1);
    }
}
