//! Who takes part, who may ask for tokens, and the hub's own keys.

use hub_domain::AuthorityCode;
use hub_pipeline::feeds::MemberSettings;
use hub_pipeline::identity::{Purpose, Role};
use hub_store::identity::{self, Client};
use hub_store::member;

use super::Check;
use crate::command::Stop;
use crate::command::office::{Office, name_of};

/// Whether authorities are registered, and somebody may send for each.
pub(super) async fn members(office: &Office) -> Result<Vec<Check>, Stop> {
    let mut link = office.read().await?;
    let members = member::all(&mut link).await?;
    let clients = identity::clients(&mut link).await?;
    if members.is_empty() {
        let mend = "run `hub authority add lewisham --joined 2026-04-01` for each";
        return Ok(vec![Check::look("authorities", "no authority takes part yet", mend)]);
    }
    let mut checks = vec![Check::good("authorities", format!("{} registered", members.len()))];
    let sends = |member: &member::Member| {
        serde_json::from_str::<MemberSettings>(&member.settings).is_ok_and(|agreed| !agreed.feeds.is_empty())
    };
    let mute: Vec<String> = members
        .iter()
        .filter(|member| sends(member) && !clients.iter().any(|client| speaks(client, member.code)))
        .map(|member| name_of(member.code))
        .collect();
    checks.push(if mute.is_empty() {
        Check::good("clients", format!("{} registered; somebody may send for each authority", clients.len()))
    } else {
        let mend = "run `hub client add NAME --role borough --authority CODE --jwk FILE` for each";
        Check::look("clients", format!("nobody may send the feeds of {}", mute.join(", ")), mend)
    });
    Ok(checks)
}

fn speaks(client: &Client, authority: AuthorityCode) -> bool {
    let is_borough = client.roles.iter().any(|role| role == Role::Borough.as_str());
    is_borough && client.authorities.contains(&authority) && client.state == identity::State::Active
}

/// Whether there is a key for everything that the hub signs.
pub(super) async fn keys(office: &Office) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let now = office.now();
    let mut lacking = Vec::new();
    for purpose in Purpose::ALL {
        let all = identity::keys(&mut link, purpose.as_str()).await?;
        if !all.iter().any(|key| key.retired_at.is_none_or(|at| at > now)) {
            lacking.push(purpose.as_str());
        }
    }
    Ok(if lacking.is_empty() {
        Check::good("keys", "there is a key for tokens, receipts and webhooks")
    } else {
        Check::look(
            "keys",
            format!("there is no key for {}", lacking.join(", ")),
            "start the hub once: it makes what is lacking",
        )
    })
}
