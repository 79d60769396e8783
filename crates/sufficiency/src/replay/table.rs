//! A replay's figures as a table: rounded, and counted by who stands behind them.

use hub_disclosure::{Cell, Row, Stake, Table};
use hub_domain::{AuthorityCode, Date};

use super::{Outcome, Proposal};
use crate::area::name_of;
use crate::definition::{Definition, Indicator};

/// Asked for, not published: no table of a release.
const DEFINITION: Definition = Definition {
    id: "replay",
    title: "What a home would have done, had it been there",
    words: "Stays that began in the time asked about, in order: a child comes if a place is free that day and the home \
            is nearer to the placing authority than the child was placed from home, and leaves on the day the stay in \
            truth ended. Occupancy is nights filled of nights on offer; weeks_nearer the nights filled in weeks; weeks_costed \
            those of them whose weekly cost is known; paid what these cost; cost_by_the_night the fee for these, \
            cost_of_the_block for all nights on offer. low \
            and high hold the middle eight tenths of 400 replays over children drawn with replacement.",
    cohort: "Stays begun (903 RNE S, P, B) by children of the ages asked for in residential care outside secure homes, \
             fostering by other than kin, or supported accommodation, whose distance from home is known.",
    rounding: "Children and percent to 5, weeks to 10, pounds to 10,000. Hidden where fewer than five children or three \
               authorities stand behind a figure; costs where fewer than ten children do, or what was paid for one of them, or by one \
               authority, dominates.",
    datasets: "placements",
    unit: "children; percent; weeks; pounds",
    version: 2,
    limits: "It asks whether the home is nearer, not whether it would have been chosen or could have met every need. \
             Distance is between the centres of authorities against the recorded distance from home.",
    numerator: "Nights, weeks, children of the proposed home.",
    denominator: "Nights on offer.",
    window: "The months asked for, 24 unless said.",
    banding: "the ages asked for",
    source: "Market-gap question 15.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[Indicator { definition: &DEFINITION, table: None }];

/// Authorities behind any figure, at least. Costs are ruled by the gate: by what was paid for whom.
const AUTHORITIES: usize = 3;
const CHILDREN: &str = "children";
const COSTED: &str = "weeks_costed";

pub(super) struct Found {
    pub(super) proposal: Proposal,
    pub(super) as_at: Date,
    pub(super) fee: Option<i64>,
    pub(super) truth: Outcome,
    pub(super) draws: Vec<Outcome>,
}

impl Found {
    fn nights_on_offer(&self) -> i64 {
        let days = self.as_at.since(self.proposal.from).map_or(0, |span| span.get_days());
        i64::from(days) * i64::from(self.proposal.places)
    }

    /// A figure of the replay, and those below and above which a tenth of the draws lie, to the nearest `step`.
    fn figure(&self, of: impl Fn(&Outcome) -> i64, step: i64) -> [u64; 3] {
        let mut drawn: Vec<i64> = self.draws.iter().map(&of).collect();
        drawn.sort_unstable();
        let tenth = drawn.len() / 10;
        let low = drawn.get(tenth).copied().unwrap_or(0);
        let high = drawn.get(drawn.len().saturating_sub(tenth + 1)).copied().unwrap_or(0);
        [of(&self.truth), low, high].map(|figure| u64::try_from((figure + step / 2) / step * step).unwrap_or(0))
    }
}

pub(super) fn write(found: &Found) -> Table {
    // Fewer authorities than that would show each what another does: as if nobody stood behind it.
    let few = found.truth.authorities().len() < AUTHORITIES;
    let behind = |children: usize| u64::try_from(if few { 1 } else { children }).ok();
    let (came, costed) = (behind(found.truth.came.len()), behind(found.truth.paid.len()));
    let on_offer = found.nights_on_offer().max(1);
    let pounds = |pence: i64| pence / 100;
    let fee = found.fee.unwrap_or(0);
    let counts = [
        (CHILDREN, found.figure(|one| i64::try_from(one.came.len()).unwrap_or(0), 5)),
        ("occupancy_percent", found.figure(|one| one.nights * 100 / on_offer, 5)),
        ("weeks_nearer", found.figure(|one| one.nights / 7, 10)),
        (COSTED, found.figure(|one| one.costed / 7, 10)),
    ];
    let costs = [
        ("paid_pounds", found.figure(|one| pounds(one.pence()), 10_000)),
        ("cost_by_the_night_pounds", found.figure(|one| pounds(one.costed * fee / 7), 10_000)),
        ("cost_of_the_block_pounds", found.figure(|_| pounds(on_offer * fee / 7), 10_000)),
    ];
    let id = |name: &str| format!("{}|{name}", DEFINITION.id);
    let (mut measures, mut cells) = (Vec::new(), Vec::new());
    for (name, value) in each(counts) {
        let contributors = if name.starts_with(COSTED) { costed } else { came };
        cells.push(Cell::Count { id: id(&name), value, contributors: contributors.map(Into::into) });
        measures.push(name);
    }
    let stake = stake(&found.truth);
    for (name, value) in each(costs) {
        let (value, stake) = (i64::try_from(value).unwrap_or(i64::MAX), stake.clone());
        cells.push(Cell::Cost { id: id(&name), value, of: id(CHILDREN), stake, alike: None });
        measures.push(name);
    }
    let Proposal { provision, places, age_band, host, from, takes_solo, .. } = found.proposal;
    let labels = [
        ("host", host.to_string()),
        ("host_name", name_of(host)),
        ("provision", provision.as_str().to_owned()),
        ("age_band", age_band.as_str().to_owned()),
        ("places", places.to_string()),
        ("takes_solo", takes_solo.to_string()),
        ("from", from.to_string()),
        ("to", found.as_at.to_string()),
    ];
    let (dimensions, labels) = labels.into_iter().map(|(name, label)| (name.to_owned(), label)).unzip();
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        dimensions,
        measures,
        rows: vec![Row { labels, cells }],
        lines: Vec::new(),
        frames: Vec::new(),
    }
}

/// Each figure and the ends of its interval, with the names of their columns.
fn each<const N: usize>(figures: [(&str, [u64; 3]); N]) -> impl Iterator<Item = (String, u64)> {
    figures.into_iter().flat_map(|(name, values)| {
        ["", "_low", "_high"].into_iter().zip(values).map(move |(suffix, value)| (format!("{name}{suffix}"), value))
    })
}

/// What was paid for each child, by who paid it.
fn stake(truth: &Outcome) -> Stake {
    let mut stake = Stake::default();
    for (child, pence) in &truth.paid {
        let authority = truth.came.get(child).map_or("", AuthorityCode::as_str);
        stake.add(authority, u64::try_from(*pence).unwrap_or(0));
    }
    stake
}
