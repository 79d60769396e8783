//! Whose children live where.

use std::collections::{BTreeSet, HashMap};

use hub_disclosure::{Cube, Dimension, Line, Node, Table};
use hub_domain::AuthorityCode;

use crate::area::{ALL, Areas, name_of, node};
use crate::care;
use crate::definition::{Definition, Indicator, Variant};
use crate::episode::Episode;
use crate::region::Picture;
use crate::stay;

const DEFINITION: Definition = Definition {
    id: "flows",
    title: "Placing authority by host authority",
    words: "Whose children live where: children in care today (stock), and stays begun in the twelve months up to \
            and including the day (starts), by the authority that placed and the authority that hosts.",
    cohort: "Stock: children in care on the day. Starts: stays with one carer or setting; consecutive episodes in one \
             setting_ref are one stay, and without one the reason for the new episode tells: S, P and B begin a stay, \
             L, T and U continue it. Temporary moves are bridged.",
    datasets: "placements",
    unit: "children; stays",
    limits: "The host is the one the placing authority's record names; where it names none the host is 'unknown'. A \
             temporary move's own host counts for the stock. Pairs with nothing have no row.",
    numerator: "Children (stock), stays begun (starts).",
    window: "Stock: at the day. Starts: the twelve months up to and including the day.",
    banding: "none",
    variants: &[
        Variant { id: "stock", words: "Children in care on the day." },
        Variant { id: "starts", words: "Stays begun in the twelve months." },
    ],
    source: "Indicator 21; rulings 10 and 11.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

const MEASURES: [&str; 2] = ["stock", "starts"];
const REGION: &str = "region";
const OUTSIDE: &str = "outside_region";
const UNKNOWN: &str = "unknown";
const IN_AREA: &str = "in_area";
const ELSEWHERE: &str = "elsewhere_in_region";

/// The table: every placing area by every host, and by how far from home that is.
pub(crate) fn table(picture: &Picture) -> Table {
    let areas = Areas::of_region(&picture.members);
    let hosts = Hosts::of(picture);
    let mut matrix = Cube::new(DEFINITION.id, &MEASURES, vec![areas.dimension.clone(), hosts.dimension.clone()]);
    let mut summary = Cube::new(DEFINITION.id, &MEASURES, vec![areas.dimension.clone(), whereabouts()]);
    let mut add = |placing: AuthorityCode, episode: &Episode, measure: usize| {
        let Some(&area) = areas.place.get(&placing) else { return };
        matrix.add(&[area, hosts.place(episode.host)], measure, 1);
        let at = summary.dimensions().get(1).and_then(|all| all.find(whereabout(picture, placing, episode.host)));
        summary.add(&[area, at.unwrap_or(0)], measure, 1);
    };
    for (&(placing, _), child) in &picture.children.by_child {
        if let Some(episode) = &child.now {
            add(placing, episode, 0);
        }
        for episode in stay::begun_after(child, picture.window) {
            add(placing, episode, 1);
        }
    }
    let mut table = matrix.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    table.absorb(summary.into_table(DEFINITION.title, DEFINITION.reference(), &rename));
    tie(&areas, &mut table);
    table
}

/// One name for one count: a placing area's whole stock is its children in care, and what an
/// authority hosts of its own is what it places in area.
fn rename(keys: &[&str], measure: &str) -> Option<String> {
    match keys {
        [area, ALL] if measure == "stock" => Some(care::id(area, ALL)),
        [area, ALL] => Some(id(area, ALL, measure)),
        [placing, host] if placing == host => Some(id(placing, IN_AREA, measure)),
        [placing, host] => Some(id(placing, host, measure)),
        _ => None,
    }
}

pub(crate) fn id(placing: &str, host: &str, measure: &str) -> String {
    format!("{}|{placing}|{host}|{measure}", DEFINITION.id)
}

/// Declares that what stays in the region is in area or elsewhere in it.
fn tie(areas: &Areas, table: &mut Table) {
    let present: BTreeSet<&str> = table.rows.iter().flat_map(|row| &row.cells).filter_map(cell_id).collect();
    let mut lines = Vec::new();
    for node in &areas.dimension.nodes {
        for measure in MEASURES {
            let total = id(&node.key, REGION, measure);
            let parts = [IN_AREA, ELSEWHERE].map(|part| id(&node.key, part, measure));
            let parts: Vec<String> = parts.into_iter().filter(|part| present.contains(part.as_str())).collect();
            if present.contains(total.as_str()) {
                lines.push(Line::of(total, parts));
            }
        }
    }
    table.lines.extend(lines);
}

fn cell_id(cell: &hub_disclosure::Cell) -> Option<&str> {
    if let hub_disclosure::Cell::Count { id, .. } = cell { Some(id) } else { None }
}

struct Hosts {
    dimension: Dimension,
    place: HashMap<AuthorityCode, usize>,
}

impl Hosts {
    /// Members one by one, then every other authority that hosts a child of theirs.
    fn of(picture: &Picture) -> Self {
        let children = picture.children.by_child.values();
        let within = |episode: &&Episode| episode.end.is_none_or(|end| end > picture.window);
        let episodes = children.flat_map(|child| child.now.iter().chain(child.recent.iter().filter(within)));
        let others: BTreeSet<AuthorityCode> =
            episodes.filter_map(|episode| episode.host).filter(|host| !picture.members.contains(host)).collect();
        let mut nodes = totals(&[(REGION, "In the region"), (OUTSIDE, "Outside the region"), (UNKNOWN, "Not known")]);
        let mut place = HashMap::new();
        let members = picture.members.iter().map(|&code| (code, 1));
        for (code, parent) in members.chain(others.into_iter().map(|code| (code, 2))) {
            place.insert(code, nodes.len());
            nodes.push(node(code.as_str(), &name_of(code), "authority", Some(parent)));
        }
        Self { dimension: Dimension { columns: columns(), nodes }, place }
    }

    fn place(&self, host: Option<AuthorityCode>) -> usize {
        let unknown = 3;
        host.and_then(|host| self.place.get(&host).copied()).unwrap_or(unknown)
    }
}

fn whereabouts() -> Dimension {
    let kinds = [
        (IN_AREA, "In the placing authority's own area"),
        (ELSEWHERE, "Elsewhere in the region"),
        (OUTSIDE, "Outside the region"),
        (UNKNOWN, "Not known"),
    ];
    Dimension { columns: columns(), nodes: totals(&kinds) }
}

fn whereabout(picture: &Picture, placing: AuthorityCode, host: Option<AuthorityCode>) -> &'static str {
    match host {
        None => UNKNOWN,
        Some(host) if host == placing => IN_AREA,
        Some(host) if picture.members.contains(&host) => ELSEWHERE,
        Some(_) => OUTSIDE,
    }
}

fn totals(kinds: &[(&str, &str)]) -> Vec<Node> {
    let all = node(ALL, "All hosts", "total", None);
    let kinds = kinds.iter().map(|(key, name)| node(key, name, "whereabouts", Some(0)));
    std::iter::once(all).chain(kinds).collect()
}

fn columns() -> Vec<String> {
    ["host", "host_name", "host_level"].map(str::to_owned).to_vec()
}
