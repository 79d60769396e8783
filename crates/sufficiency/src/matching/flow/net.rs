//! Who seeks and what is offered, as the flow sees it.

use std::sync::OnceLock;

use super::super::cost::Cost;

/// Bits of a packed offer that name the setting.
const SETTING: u32 = 20;
/// What one child's cost is multiplied by, so that a group's cost divides into equal whole shares:
/// the least common multiple of 1 to 8.
pub(super) const SHARES: i128 = 840;
/// What leaving one child without a home costs the flow: more than every offer together.
pub(super) const UNSERVED: i128 = 1 << 119;

/// A single child, or a group kept together.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// Children.
    pub(crate) size: u32,
    /// Settings that serve it, least cost first.
    pub(crate) offers: Offers,
}

/// Offers to one unit.
#[derive(Debug, Clone)]
pub(crate) enum Offers {
    /// To one child: cost and setting in one number each.
    One(Vec<u64>),
    /// To a group: the group's whole cost, and the setting.
    Group(Vec<(Cost, u32)>),
}

/// Units, and places by setting.
#[derive(Debug)]
pub(crate) struct Net {
    pub(crate) units: Vec<Unit>,
    pub(crate) places: Vec<u32>,
    wanting: OnceLock<Wanting>,
}

/// For each setting, the units it serves and at what share of the cost.
#[derive(Debug)]
struct Wanting {
    starts: Vec<usize>,
    units: Vec<(u32, u32)>,
}

impl Offers {
    /// Packs offers to one child; a setting's number must be below [`most_settings`].
    pub(crate) fn to_one(offers: impl Iterator<Item = (Cost, usize)>) -> Self {
        let pack = |(cost, setting): (Cost, usize)| (cost.pack() << SETTING) | u64::try_from(setting).unwrap_or(0);
        let mut packed: Vec<u64> = offers.map(pack).collect();
        packed.sort_unstable();
        Self::One(packed)
    }

    pub(crate) fn to_group(offers: impl Iterator<Item = (Cost, usize)>) -> Self {
        let mut offers: Vec<(Cost, u32)> =
            offers.filter_map(|(cost, setting)| Some((cost, u32::try_from(setting).ok()?))).collect();
        offers.sort_unstable();
        Self::Group(offers)
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::One(offers) => offers.len(),
            Self::Group(offers) => offers.len(),
        }
    }

    /// The whole cost and the setting of one offer.
    pub(crate) fn get(&self, at: usize) -> Option<(Cost, usize)> {
        match self {
            Self::One(offers) => offers.get(at).map(|&packed| (Cost::unpack(packed >> SETTING), setting_of(packed))),
            Self::Group(offers) => offers.get(at).map(|&(cost, setting)| (cost, index(setting))),
        }
    }

    /// Every setting, least cost first.
    pub(crate) fn settings(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter_map(|at| self.get(at)).map(|(_, setting)| setting)
    }
}

/// How many settings a market may have.
pub(crate) const fn most_settings() -> usize {
    1 << SETTING
}

impl Unit {
    /// What one offer costs for each child, in shares, and its setting. Where the size divides no
    /// share evenly (nine and more together) it is rounded down, which keeps every bound a bound.
    pub(super) fn share(&self, at: usize) -> Option<(i128, usize)> {
        let (cost, setting) = self.offers.get(at)?;
        Some((cost.weight() * SHARES / i128::from(self.size.max(1)), setting))
    }
}

impl Net {
    pub(crate) fn new(units: Vec<Unit>, places: Vec<u32>) -> Self {
        Self { units, places, wanting: OnceLock::new() }
    }

    /// The units a setting serves, each with the place of that offer among its own.
    pub(crate) fn wanting(&self, setting: usize) -> &[(u32, u32)] {
        let wanting = self.wanting.get_or_init(|| Wanting::of(self));
        let range = wanting.starts.get(setting).copied().zip(wanting.starts.get(setting + 1).copied());
        range.and_then(|(from, to)| wanting.units.get(from..to)).unwrap_or_default()
    }
}

impl Wanting {
    /// Counts, then fills: every offer is looked at twice.
    fn of(net: &Net) -> Self {
        let mut starts = vec![0; net.places.len() + 1];
        for setting in net.units.iter().flat_map(|unit| unit.offers.settings()) {
            if let Some(count) = starts.get_mut(setting + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut units = vec![(0, 0); sum];
        let each = (0_u32..).zip(&net.units).flat_map(|(number, unit)| {
            (0_u32..).zip(unit.offers.settings()).map(move |(at, setting)| (setting, (number, at)))
        });
        for (setting, entry) in each {
            let Some(place) = next.get_mut(setting) else { continue };
            if let Some(slot) = units.get_mut(*place) {
                *slot = entry;
            }
            *place += 1;
        }
        Self { starts, units }
    }
}

fn setting_of(packed: u64) -> usize {
    usize::try_from(packed & ((1 << SETTING) - 1)).unwrap_or(usize::MAX)
}

/// A 32-bit number as a place in a list.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
