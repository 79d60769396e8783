//! A release's way through the gate: what attackers know is laid beside the tables, and what it showed is kept.

use std::sync::Arc;

use hub_disclosure::{Gated, Known, Memory, Policy, REMEMBERED, Refused, Remembered, Shares, Table};
use hub_store::release::{self, Passed};
use hub_sufficiency::{Disagreement, Proof, Region, Versions};

use super::audience::Audience;
use super::fold::Inputs;
use crate::{Fault, Hub};

/// A region's tables, and what each authority knows of them.
pub(super) struct Material {
    pub(super) tables: Vec<Table>,
    pub(super) shares: Shares,
    /// Homes that two authorities report differently.
    pub(super) disagreements: Vec<Disagreement>,
    /// How far the assignment behind the market gaps is proved.
    pub(super) proof: Proof,
}

/// Computes every table, and each authority's own part in it: those in force, or those that a past release `held`.
pub(super) async fn compute(hub: &Hub, region: Region, held: Option<Versions>) -> Result<Arc<Material>, Fault> {
    hub.blocking(move || {
        let mut picture = region.finish();
        let (tables, shares, proof) = picture.tables_and_shares(held.as_ref());
        Arc::new(Material { tables, shares, disagreements: picture.disagreements().to_vec(), proof })
    })
    .await
}

/// Passes the tables through the gate as the audience's release of that number.
pub(super) async fn pass(
    hub: &Hub,
    material: &Arc<Material>,
    policy: Policy,
    memory: Memory,
) -> Result<Result<Gated, Refused>, Fault> {
    let (gate, material) = (hub.settings.gate, Arc::clone(material));
    hub.blocking(move || {
        let known = Known { shares: material.shares.clone(), memory };
        gate(material.tables.clone(), &policy, &known)
    })
    .await
}

/// What readers of the audience's release of that number may have kept of those before it. What the consortium is not
/// shown now the public is not shown either, since its readers are the public too; `consortium` is the number of the
/// consortium's last release then.
pub(super) async fn recall(hub: &Hub, audience: Audience, number: i64, consortium: i64) -> Result<Memory, Fault> {
    let mut link = hub.store.read().await?;
    let most = i64::try_from(REMEMBERED).unwrap_or(12);
    let kept = release::memories(&mut link, audience.as_str(), number, most).await?;
    let mut memory = Memory::of(kept.iter().map(|kept| unpack(kept)).collect::<Result<Vec<_>, _>>()?);
    if audience == Audience::Public {
        let last = release::memories(&mut link, Audience::Consortium.as_str(), consortium + 1, 1).await?;
        for kept in last {
            memory.also_hide(&unpack(&kept)?);
        }
    }
    Ok(memory)
}

/// What must be kept of a release.
pub(super) fn packed(gated: &Gated, policy: &Policy, inputs: &Inputs) -> Result<Passed, Fault> {
    let broken = |_| Fault::Inconsistent("what a release must remember");
    let inputs = serde_json::to_vec(inputs).map_err(broken)?;
    Ok(Passed {
        policy: serde_json::to_string(policy).map_err(broken)?,
        memory: zstd::encode_all(gated.remembered().to_text().as_bytes(), 3)?,
        inputs: zstd::encode_all(inputs.as_slice(), 3)?,
    })
}

/// What a release printed and hid.
fn unpack(kept: &[u8]) -> Result<Remembered, Fault> {
    let text = String::from_utf8(zstd::decode_all(kept)?).map_err(|_| Fault::Inconsistent("a release's memory"))?;
    Remembered::parse(&text).map_err(|_| Fault::Inconsistent("a release's memory"))
}

/// The policy a release passed and what it rested on beside records.
pub(super) fn unpacked(passed: &Passed) -> Result<(Policy, Inputs), Fault> {
    let broken = |_| Fault::Inconsistent("what a release remembers");
    let inputs = zstd::decode_all(passed.inputs.as_slice())?;
    Ok((serde_json::from_str(&passed.policy).map_err(broken)?, serde_json::from_slice(&inputs).map_err(broken)?))
}
