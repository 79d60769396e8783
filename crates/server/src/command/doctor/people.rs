//! Who takes part, who may ask for tokens, and the hub's own keys.

use hub_domain::AuthorityCode;
use hub_pipeline::endpoints::{Lying, lying};
use hub_pipeline::feeds::MemberSettings;
use hub_pipeline::identity::{Purpose, Role, Seal};
use hub_store::identity::{self, Client, ReportingKey};
use hub_store::{endpoint, member};
use jiff::SignedDuration;

use super::Check;
use crate::command::Stop;
use crate::command::office::{Office, name_of};

/// Whether authorities are registered, and somebody may send for each.
pub(super) async fn members(office: &Office) -> Result<Vec<Check>, Stop> {
    let mut link = office.read().await?;
    let members = member::senders(&mut link).await?;
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

/// How long before a reporting key ends somebody is told: time for another to reach the tool that has it.
const NOTICE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Whether reporting keys that are in use end soon; nothing to say when there is none.
pub(super) async fn reporting_keys(office: &Office) -> Result<Option<Check>, Stop> {
    let (mut link, now) = (office.read().await?, office.now());
    let mut standing = identity::reporting_keys(&mut link).await?;
    standing.retain(|key| key.revoked_at.is_none() && key.expires_at > now);
    let ends = |key: &&ReportingKey| key.used_at.is_some() && key.expires_at.duration_since(now) <= NOTICE;
    let ending: Vec<_> = standing.iter().filter(ends).map(|key| key.id.as_str()).collect();
    Ok(match (standing.len(), ending.is_empty()) {
        (0, _) => None,
        (all, true) => Some(Check::good("reporting keys", format!("{all} in force"))),
        (_, false) => Some(Check::look(
            "reporting keys",
            format!("in use and ending within two weeks: {}", ending.join(", ")),
            "run `hub reporting-key add ID` for another, and put it into the tool",
        )),
    })
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

/// Whether the hub's private keys lie sealed in the database, and can be opened with the key file that is named.
pub(super) async fn sealed(office: &Office) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let (mut clear, mut lost, mut all) = (0, 0, 0);
    for purpose in Purpose::ALL {
        for key in identity::keys(&mut link, purpose.as_str()).await? {
            all += 1;
            clear += u32::from(!Seal::is_sealed(&key.private));
            lost += u32::from(!office.seal.opens(&key.private, &key.kid));
        }
    }
    let check = match (clear, lost) {
        (_, 1..) => Check::bad(
            "sealed keys",
            format!("{lost} of {all} signing keys cannot be opened with the key file"),
            "name the file they were sealed with: --key-file, HUB_KEY_FILE",
        ),
        (1.., 0) => Check::look(
            "sealed keys",
            format!("{clear} of {all} signing keys lie unsealed: a copy of the database can sign as this hub"),
            "run `hub key init hub.key`, and start the hub with --key-file hub.key",
        ),
        (0, 0) => Check::good("sealed keys", format!("{all} signing keys lie sealed")),
    };
    Ok(check)
}

/// Whether the secrets that endpoints share with the hub lie sealed; nothing to say when none shares one.
pub(super) async fn secrets(office: &Office) -> Result<Option<Check>, Stop> {
    let mut link = office.read().await?;
    let all = endpoint::all(&mut link).await?;
    let lying: Vec<Lying> =
        all.iter().map(|one| lying(one, &office.seal)).filter(|how| *how != Lying::Nowhere).collect();
    let count = |how: Lying| lying.iter().filter(|one| **one == how).count();
    let check = match (lying.len(), count(Lying::Clear), count(Lying::Lost)) {
        (0, ..) => return Ok(None),
        (all, _, lost @ 1..) => Check::bad(
            "secrets",
            format!(
                "the secrets of {lost} of {all} endpoints cannot be opened with the key file: nothing signs for them"
            ),
            "name the file they were sealed with (--key-file, HUB_KEY_FILE), or have those hosts rotate their secrets",
        ),
        (all, clear @ 1.., 0) => Check::look(
            "secrets",
            format!("the secrets of {clear} of {all} endpoints lie unsealed: a copy of the database can sign to them"),
            "run `hub key init hub.key`, and start the hub with --key-file hub.key",
        ),
        (all, 0, 0) => Check::good("secrets", format!("the secrets of {all} endpoints lie sealed")),
    };
    Ok(Some(check))
}
