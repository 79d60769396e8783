//! How host authorities were given notice: placing by host, month by month.

use std::collections::{BTreeSet, HashMap};

use hub_disclosure::{Cell, Cube, Dimension, Node, Table};
use hub_domain::timeliness::{NoticeStart, Timeliness};
use hub_domain::{AuthorityCode, Date};
use jiff::ToSpan as _;

use crate::area::{ALL, Areas, name_of, node};
use crate::definition::{Definition, Indicator};
use crate::region::Picture;

const DEFINITION: Definition = Definition {
    id: "notice_timeliness",
    title: "Notice to host authorities: in time, late or missing, by month",
    words: "How host authorities were given notice of children placed in their area (Care Planning Regulations 2010, \
            reg 13(4)), by the month the placement started, the authority that placed and the authority that hosts: \
            in time, late, missing (none given and five working days or more past due), not reasonably practicable \
            (late or none, with the placing authority's reason), and open (none given yet, and not due or not five \
            working days past due). not_in_time is the last four together, and with in_time it is starts. median_working_days_late is over those that came late.",
    cohort: "Placements out of area begun in the month, today's and the twelve before it, for which notice was due: \
             begun after the placing authority joined, and addressed to a host. Drafts, consultations and what was \
             withdrawn are left out. Due before a planned placement starts; by the end of the fifth working day after an \
             emergency.",
    rounding: "Whole counts; counts from 1 to 4 are hidden, with others beside them. The median of an even number is the \
               lower of the two in the middle; it is shown only where five or more came late and that count is shown.",
    datasets: "placements; notices",
    unit: "placements; working days",
    limits: "Notice is given by the placing authority's own statement, whatever a feed or a home has shown. A late \
             notice moves a placement of an earlier month from missing to late in the next release. A host that takes \
             no part is told as any other. Hosts outside the region stand together. Each authority's months, as placing \
             and as host, and each pair of authorities over all the months together say only in time or not: smaller \
             pieces would nearly all be hidden.",
    numerator: "in_time.",
    denominator: "starts.",
    window: "The month of the day and the twelve before it.",
    banding: "none",
    source: "Indicator 54; rulings 27 to 31; Care Planning Regulations 2010, reg 13(4).",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

/// The first is the next two together, the third the last four.
const MEASURES: [&str; 7] = ["starts", "in_time", "not_in_time", "late", "missing", "not_practicable", "open"];
/// As many of them stand in the row of a pair, and of one authority in one month.
const OF_A_PAIR: usize = 3;
const NOT_IN_TIME: usize = 2;
const LATE: usize = 3;
const MEDIAN: &str = "median_working_days_late";
const OUTSIDE: &str = "outside_region";

/// The first day of the first month shown: twelve months before the day's own.
pub(crate) fn first_month(as_at: Date) -> Date {
    as_at.first_of_month().checked_sub(12.months()).unwrap_or(Date::MIN)
}

/// The table, in blocks that share their margins: each authority's months, as placing and as host, and each pair over
/// the year. What a notice that was not in time was instead stands in the rows of one authority, or of one month; every
/// smaller row says in time or not. Smaller pieces would nearly all be hidden, and would cost what stands beside them.
pub(crate) fn table(picture: &Picture) -> Table {
    let areas = Areas::of_region(&picture.members).dimension;
    let (months, hosts) = (months(picture.as_at), hosts(&picture.members));
    let [any_month, any_area, any_host] = [&months, &areas, &hosts].map(total);
    let all = MEASURES.len();
    let mut table = block(&[months.clone(), any_area.clone(), any_host.clone()], all, picture);
    table.absorb(block(&[any_month.clone(), areas.clone(), any_host.clone()], all, picture));
    table.absorb(block(&[any_month.clone(), any_area.clone(), hosts.clone()], all, picture));
    table.absorb(block(&[months.clone(), areas.clone(), any_host], OF_A_PAIR, picture));
    table.absorb(block(&[months, any_area, hosts.clone()], OF_A_PAIR, picture));
    table.absorb(block(&[any_month, areas, hosts], OF_A_PAIR, picture));
    table
}

/// The dimension's total alone.
fn total(dimension: &Dimension) -> Dimension {
    Dimension { columns: dimension.columns.clone(), nodes: dimension.nodes.iter().take(1).cloned().collect() }
}

/// One block, of the first so many measures; what it does not measure is blank.
fn block(dimensions: &[Dimension; 3], measured: usize, picture: &Picture) -> Table {
    let measures: Vec<&str> = MEASURES.iter().take(measured).copied().collect();
    let mut cube = Cube::new(DEFINITION.id, &measures, dimensions.to_vec()).summing(0, &[1, NOT_IN_TIME]);
    if measured == MEASURES.len() {
        cube = cube.summing(NOT_IN_TIME, &[3, 4, 5, 6]);
    }
    let mut late = Late::default();
    for start in &picture.notice_starts {
        let at = place(dimensions, start);
        for measure in measures_of(start.outcome).into_iter().filter(|measure| *measure < measured) {
            cube.add(&at, measure, 1);
        }
        if let Some(days) = start.days_late {
            late.add(dimensions, &at, days);
        }
    }
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    table.measures = MEASURES.iter().chain([&MEDIAN]).map(|&measure| measure.to_owned()).collect();
    for row in &mut table.rows {
        let median = row.cells.get(LATE).map_or(Cell::Blank, |cell| late.median(cell));
        row.cells.resize(MEASURES.len(), Cell::Blank);
        row.cells.push(median);
    }
    table
}

/// Everything that a start counts in.
fn measures_of(outcome: Timeliness) -> Vec<usize> {
    match outcome {
        Timeliness::InTime => vec![0, 1],
        Timeliness::Late => vec![0, NOT_IN_TIME, LATE],
        Timeliness::Missing => vec![0, NOT_IN_TIME, 4],
        Timeliness::NotPracticable => vec![0, NOT_IN_TIME, 5],
        Timeliness::Open => vec![0, NOT_IN_TIME, 6],
    }
}

/// Where a start stands: month, placing authority, host; on a dimension that has only its total, there.
fn place([months, areas, hosts]: &[Dimension; 3], start: &NoticeStart) -> Vec<usize> {
    let host = hosts.find(start.host.as_str()).or_else(|| hosts.find(OUTSIDE));
    let (month, area) = (months.find(&month_of(start.on)), areas.find(start.placing.as_str()));
    [month, area, host].map(|place| place.unwrap_or(0)).to_vec()
}

/// Days late, by the id of every cell that counts them: the leaf's and those of all its margins.
#[derive(Default)]
struct Late(HashMap<String, Vec<u32>>);

impl Late {
    fn add(&mut self, dimensions: &[Dimension], at: &[usize], days: u32) {
        let keys = dimensions.iter().zip(at).map(|(dimension, &place)| upward(dimension, place));
        let combined = keys.fold(vec![DEFINITION.id.to_owned()], |all, keys| {
            all.iter().flat_map(|start| keys.iter().map(move |key| format!("{start}|{key}"))).collect()
        });
        for id in combined {
            self.0.entry(format!("{id}|{}", MEASURES[LATE])).or_default().push(days);
        }
    }

    /// The lower median of those that a cell counts; blank where it counts none.
    fn median(&self, late: &Cell) -> Cell {
        let Cell::Count { id, .. } = late else { return Cell::Blank };
        let Some(days) = self.0.get(id) else { return Cell::Blank };
        let mut days = days.clone();
        days.sort_unstable();
        let middle = days.get(days.len().saturating_sub(1) / 2).copied();
        middle.map_or(Cell::Blank, |value| Cell::typical(value.into(), id))
    }
}

/// The keys of a place and of every total above it.
fn upward(dimension: &Dimension, place: usize) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut next = dimension.nodes.get(place);
    while let Some(node) = next {
        keys.push(node.key.as_str());
        next = node.parent.and_then(|parent| dimension.nodes.get(parent));
    }
    keys
}

fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// All months, then each, oldest first.
fn months(as_at: Date) -> Dimension {
    let flat = |key: String, parent| Node { labels: vec![key.clone()], key, parent };
    let first = first_month(as_at);
    let each =
        (0..=12).filter_map(|n: i32| first.checked_add(n.months()).ok()).map(|month| flat(month_of(month), Some(0)));
    let nodes = std::iter::once(flat(ALL.to_owned(), None)).chain(each).collect();
    Dimension { columns: vec!["month".to_owned()], nodes }
}

/// All hosts, those in the region one by one, and all outside it: no total of the region's own, beside which more would
/// have to be hidden.
fn hosts(members: &BTreeSet<AuthorityCode>) -> Dimension {
    let mut nodes =
        vec![node(ALL, "All hosts", "total", None), node(OUTSIDE, "Outside the region", "whereabouts", Some(0))];
    nodes.extend(members.iter().map(|&code| node(code.as_str(), &name_of(code), "authority", Some(0))));
    Dimension { columns: ["host", "host_name", "host_level"].map(str::to_owned).to_vec(), nodes }
}
