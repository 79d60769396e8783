//! A home that was not there: what it would have done in the last two years, had it been.
//!
//! Every stay that began in the months asked about is looked at in order. A child of the ages asked for,
//! placed in the kind of home asked for, comes if a place is free that day and the home is nearer to the
//! placing authority than the child was placed from home; and leaves on the day the stay in truth ended.
//! The interval is the middle eight tenths of 400 such replays over children drawn with replacement
//! (bootstrap), with a fixed seed. Proposals stand on a fixed grid (bands, whole homes, first days of
//! months) and figures are rounded, so that asking often tells little more than asking once.

mod stays;
mod table;

pub(crate) use self::table::INDICATORS;

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::Table;
use hub_domain::ages::StrategyBand;
use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, Date, PlacementRow, Provision};
use jiff::Span;
use serde::Serialize;

use stays::{Stay, Stays};

/// Months a replay may look back.
const MONTHS: i32 = 24;
/// Replays behind an interval.
const DRAWS: usize = 400;
/// Most places of a home that may be asked about.
const MOST_PLACES: u32 = 10;

/// A home that was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Kind of home: a children's home, a foster household or supported accommodation.
    pub provision: Provision,
    /// Places, 1 to 10.
    pub places: u32,
    /// Ages it takes, by the age a child has when the stay begins.
    pub age_band: StrategyBand,
    /// Authority it would have stood in.
    pub host: AuthorityCode,
    /// First day: the first of a month of the last 24.
    pub from: Date,
    /// Also takes children who live alone with staff, or under a deprivation of liberty order.
    pub takes_solo: bool,
    /// Pence a week for a place; the middle cost of the stays looked at where absent.
    pub weekly_fee: Option<i64>,
}

/// Why a proposal cannot be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOnTheGrid {
    /// No children are placed in that kind of home in a way the records tell.
    #[error("only childrens_home, foster_household and supported_accommodation can be replayed")]
    Provision,
    /// Too few or too many places.
    #[error("places are from 1 to 10")]
    Places,
    /// Not the first of a month, or not in the last 24.
    #[error("the first day is the first of a month, at most 24 months ago")]
    From,
}

/// Stays as they stream past, and then the replay.
pub struct Replay {
    as_at: Date,
    proposal: Proposal,
    group: PlacementGroup,
    members: BTreeSet<AuthorityCode>,
    stays: Stays,
}

/// What one replay came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Outcome {
    nights: i64,
    /// Whose each child is. A child that is drawn twice is two.
    came: BTreeMap<usize, AuthorityCode>,
    /// Nights of stays whose weekly cost is known: pounds are of these alone.
    costed: i64,
    /// Pence paid for each child of those stays.
    paid: BTreeMap<usize, i64>,
}

impl Outcome {
    fn pence(&self) -> i64 {
        self.paid.values().sum()
    }

    fn authorities(&self) -> BTreeSet<AuthorityCode> {
        self.came.values().copied().collect()
    }
}

impl std::fmt::Debug for Replay {
    /// The proposal only: what streams in is about children.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay").field("proposal", &self.proposal).finish_non_exhaustive()
    }
}

impl Proposal {
    /// The earliest first day: the first of the month two years before.
    pub fn earliest(as_at: Date) -> Date {
        as_at.checked_sub(Span::new().months(MONTHS)).unwrap_or(Date::MIN).first_of_month()
    }
}

impl Replay {
    /// A replay of `proposal` up to `as_at`.
    pub fn new(
        as_at: Date,
        members: impl IntoIterator<Item = AuthorityCode>,
        proposal: Proposal,
    ) -> Result<Self, NotOnTheGrid> {
        let group = group_of(proposal.provision).ok_or(NotOnTheGrid::Provision)?;
        if !(1..=MOST_PLACES).contains(&proposal.places) {
            return Err(NotOnTheGrid::Places);
        }
        if proposal.from.day() != 1 || proposal.from < Proposal::earliest(as_at) || proposal.from >= as_at {
            return Err(NotOnTheGrid::From);
        }
        Ok(Self { as_at, proposal, group, members: members.into_iter().collect(), stays: Stays::default() })
    }

    /// Takes one episode of care.
    pub fn placement(&mut self, authority: AuthorityCode, row: &PlacementRow) {
        if self.members.contains(&authority) && row.episode_start <= self.as_at {
            self.stays.add(authority, row);
        }
    }

    /// The answer, unprotected: one row.
    pub fn finish(self) -> Table {
        let proposal = self.proposal;
        let stays = self.stays.would_come(&proposal, self.group, self.as_at);
        let fee = proposal.weekly_fee.or_else(|| middle(stays.iter().filter_map(|stay| stay.weekly_cost).collect()));
        let once: Vec<(usize, &Stay)> = stays.iter().map(|stay| (stay.child, stay)).collect();
        let truth = play(&once, proposal.places);
        let mut children: BTreeMap<usize, Vec<&Stay>> = BTreeMap::new();
        for stay in &stays {
            children.entry(stay.child).or_default().push(stay);
        }
        let children: Vec<Vec<&Stay>> = children.into_values().collect();
        let mut dice = Dice(0x5EED);
        let draws = (0..DRAWS).map(|_| play(&draw(&children, &mut dice), proposal.places)).collect();
        table::write(&table::Found { proposal, as_at: self.as_at, fee, truth, draws })
    }
}

fn group_of(provision: Provision) -> Option<PlacementGroup> {
    match provision {
        Provision::ChildrensHome => Some(PlacementGroup::Residential),
        Provision::FosterHousehold => Some(PlacementGroup::Fostering),
        Provision::SupportedAccommodation => Some(PlacementGroup::SemiIndependent),
        Provision::SecureHome
        | Provision::SupportedLodgings
        | Provision::ParentAndChild
        | Provision::ResidentialFamilyCentre
        | Provision::ResidentialSchool
        | Provision::ShortBreak => None,
    }
}

/// Children drawn with replacement, their stays in order of their first days.
fn draw<'a>(children: &[Vec<&'a Stay>], dice: &mut Dice) -> Vec<(usize, &'a Stay)> {
    let mut drawn: Vec<(usize, &Stay)> = Vec::new();
    for number in 0..children.len() {
        let stays = children.get(dice.below(children.len())).into_iter().flatten();
        drawn.extend(stays.map(|stay| (number, *stay)));
    }
    drawn.sort_by_key(|(number, stay)| (stay.start, *number));
    drawn
}

/// Fills the home in order of first days: whoever comes while it is full does not.
fn play(stays: &[(usize, &Stay)], places: u32) -> Outcome {
    let mut outcome = Outcome::default();
    let mut until: Vec<Date> = Vec::new();
    for (child, stay) in stays {
        until.retain(|end| *end > stay.start);
        if until.len() >= usize::try_from(places).unwrap_or(usize::MAX) {
            continue;
        }
        until.push(stay.end);
        let nights = i64::from(stay.end.since(stay.start).map_or(0, |span| span.get_days()));
        outcome.nights += nights;
        outcome.came.insert(*child, stay.authority);
        if let Some(weekly) = stay.weekly_cost {
            outcome.costed += nights;
            *outcome.paid.entry(*child).or_default() += weekly * nights / 7;
        }
    }
    outcome
}

/// Of an even number, the lower middle one.
fn middle(mut figures: Vec<i64>) -> Option<i64> {
    figures.sort_unstable();
    figures.get(figures.len().saturating_sub(1) / 2).copied()
}

/// A small generator (SplitMix64): the same draws every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        u64::try_from(n.max(1)).ok().and_then(|n| usize::try_from(z % n).ok()).unwrap_or(0)
    }
}
