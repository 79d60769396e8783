//! Who provides fostering, and how many children live in a family.

use hub_disclosure::{Cell, Cube, Dimension, Line, Row, Table};
use hub_domain::AuthorityCode;
use hub_domain::codes::PlacementGroup;

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Variant, Vector};
use crate::episode::Episode;
use crate::mix;
use crate::region::Picture;
use crate::snapshot::{self, find, in_care, tree};

const BY_PROVIDER: Definition = Definition {
    id: "fostering_by_provider",
    title: "Fostered children, by carer and provider",
    words: "Children in care today who are fostered: by kin (U1 to U3) or another carer (U4 to U6), and by who provides: the \
            authority itself (in_house, PR1), a private or voluntary agency (PR4, PR5), another authority or public body \
            (PR2, PR3), or not said.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row.",
    denominator: "Fostered children of the area: the row of all carers and providers.",
    window: "At the day.",
    source: "Indicator 14; ruling 15.",
    datasets: "placements",
    unit: "children",
    limits: "A child on a temporary move (T0 to T4) is fostered by nobody here.",
    ..Definition::BLANK
};

const IN_HOUSE: Definition = Definition {
    id: "in_house_share",
    title: "In-house share of fostering, four readings",
    words: "Fostered children whose carers are the authority's own, over four denominators that the strategies use. \
            in_house is above the line, children below it, others what is between them.",
    cohort: LOOKED_AFTER,
    numerator: "in_house.",
    denominator: "children.",
    window: "At the day.",
    variants: &[
        Variant { id: "with_kinship", words: "Provided by the authority (PR1) over all fostered (U1 to U6)." },
        Variant {
            id: "without_kinship",
            words: "Provided by the authority (PR1) over mainstream fostering (U4 to U6).",
        },
        Variant { id: "of_all", words: "Fostered and provided by the authority (PR1) over all children in care." },
        Variant {
            id: "croydon",
            words: "Mainstream fostering of the authority's own (PR1) and all kinship, over all fostered: the 46% of \
                    Croydon's and Lewisham's strategies.",
        },
    ],
    source: "Indicator 14 (Croydon 2024-27 and 2019-20, Lewisham 2022-25, Bromley 2022-24, Southwark 2018-22); ruling 15.",
    datasets: "placements",
    unit: "children",
    limits: "Quote the variant with the figure: the same borough has four.",
    vectors: &[Vector {
        shows: "three of six fostered children are provided in house, two of four without kin, three of seven of all, and \
                four of six as Croydon counts",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U4","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6","placement_provider":"PR4"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"d","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U5","placement_provider":"PR2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"e","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U3","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"f","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U1","placement_provider":"PR5"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"g","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"K2","placement_provider":"PR1"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "with_kinship"], measure: "in_house", value: 3 },
            Expect { row: &["E09000023", "with_kinship"], measure: "children", value: 6 },
            Expect { row: &["E09000023", "without_kinship"], measure: "in_house", value: 2 },
            Expect { row: &["E09000023", "without_kinship"], measure: "children", value: 4 },
            Expect { row: &["E09000023", "of_all"], measure: "in_house", value: 3 },
            Expect { row: &["E09000023", "of_all"], measure: "children", value: 7 },
            Expect { row: &["E09000023", "croydon"], measure: "in_house", value: 4 },
            Expect { row: &["E09000023", "croydon"], measure: "others", value: 2 },
        ],
    }],
    ..Definition::BLANK
};

const FAMILY: Definition = Definition {
    id: "family_based",
    title: "Children in care who live in a family",
    words: "Children in care today in a family: kinship, fostering, placed for adoption, or with own parents; and the rest.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row family_based.",
    denominator: "All children in care of the area: the row of all.",
    window: "At the day.",
    source: "Indicator 15 (Croydon 2024-27, Lewisham 2022-25); ruling 18.",
    datasets: "placements",
    unit: "children",
    limits: "A child on a temporary move (T0 to T4) is shown as temporary, and so not in a family.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &BY_PROVIDER, table: Some(|_, asked| by_provider(asked.picture)) },
    Indicator { definition: &IN_HOUSE, table: Some(|_, asked| in_house(asked.picture)) },
    Indicator { definition: &FAMILY, table: Some(|_, asked| family(asked.picture)) },
];

const OWN: &str = "in_house";
const MAINSTREAM: &str = "mainstream";
const KIN: &str = "kinship";
const FOSTERED: &str = "children";

fn carers() -> Dimension {
    tree("carer", "All carers", &[(KIN, "Kin", 0), (MAINSTREAM, "Other carers", 0)])
}

fn providers() -> Dimension {
    let ways = [
        (OWN, "The authority itself", 0),
        ("agency", "Private or voluntary agency", 0),
        ("other_public", "Another authority or public body", 0),
        ("not_said", "Not said", 0),
    ];
    tree("provider", "All providers", &ways)
}

fn provider(episode: &Episode) -> &'static str {
    match episode.provider {
        Some(b'1') => OWN,
        Some(b'4' | b'5') => "agency",
        Some(b'2' | b'3') => "other_public",
        _ => "not_said",
    }
}

fn carer(episode: &Episode) -> Option<&'static str> {
    let kin = episode.group == PlacementGroup::Kinship;
    episode.group.is_fostered().then_some(if kin { KIN } else { MAINSTREAM })
}

/// Id of a count of fostered children.
fn id(area: &str, carer: &str, provider: &str) -> String {
    match (carer, provider) {
        (KIN, ALL) => mix::id(area, PlacementGroup::Kinship),
        (MAINSTREAM, ALL) => mix::id(area, PlacementGroup::Fostering),
        _ => format!("{}|{area}|{carer}|{provider}|{FOSTERED}", BY_PROVIDER.id),
    }
}

/// Areas by carer and provider. Every row is there: the readings of the share are made of them.
fn by_provider(picture: &Picture) -> Table {
    let (areas, carers, providers) = (Areas::of_authorities(&picture.members), carers(), providers());
    let dimensions = vec![areas.dimension.clone(), carers.clone(), providers.clone()];
    let mut cube = Cube::new(BY_PROVIDER.id, &[FOSTERED], dimensions).dense();
    for (authority, episode) in in_care(picture) {
        if let (Some(&area), Some(carer)) = (areas.place.get(&authority), carer(episode)) {
            cube.add(&[area, find(&carers, carer), find(&providers, provider(episode))], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, carer, provider] => Some(id(area, carer, provider)),
        _ => None,
    };
    cube.into_table(BY_PROVIDER.title, BY_PROVIDER.reference(), &rename)
}

/// One area's fostered children, as the readings need them.
#[derive(Clone, Copy, Default)]
struct Fostered {
    kin: u64,
    own_kin: u64,
    mainstream: u64,
    own_mainstream: u64,
    in_care: u64,
}

/// A reading: its name; above the line, below it and between, each with the id it goes by.
type Reading = (&'static str, [(String, u64); 3]);

impl Fostered {
    fn take(&mut self, episode: &Episode) {
        let own = u64::from(provider(episode) == OWN);
        self.in_care += 1;
        match carer(episode) {
            Some(KIN) => (self.kin, self.own_kin) = (self.kin + 1, self.own_kin + own),
            Some(_) => (self.mainstream, self.own_mainstream) = (self.mainstream + 1, self.own_mainstream + own),
            None => {}
        }
    }

    fn readings(self, area: &str) -> [Reading; 4] {
        let Self { kin, own_kin, mainstream, own_mainstream, in_care } = self;
        let here = |variant: &str, measure: &str| format!("{}|{area}|{variant}|{measure}", IN_HOUSE.id);
        let (own, fostered) = (own_kin + own_mainstream, kin + mainstream);
        let all = (id(area, ALL, ALL), fostered);
        let not_own = (here("without_kinship", "others"), mainstream - own_mainstream);
        let between = |variant: &str, value| (here(variant, "others"), value);
        let without =
            [(id(area, MAINSTREAM, OWN), own_mainstream), not_own.clone(), (id(area, MAINSTREAM, ALL), mainstream)];
        let of_all = [(id(area, ALL, OWN), own), between("of_all", in_care - own), (care::id(area, ALL), in_care)];
        [
            ("with_kinship", [(id(area, ALL, OWN), own), between("with_kinship", fostered - own), all.clone()]),
            ("without_kinship", without),
            ("of_all", of_all),
            ("croydon", [(here("croydon", OWN), own_mainstream + kin), not_own, all]),
        ]
    }
}

/// The four readings of each area. Cells that are counts of [`by_provider`] go by the same name; every difference is a cell.
fn in_house(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let mut counts = vec![Fostered::default(); areas.dimension.nodes.len()];
    for (authority, episode) in in_care(picture) {
        for area in areas.upward(authority) {
            if let Some(fostered) = counts.get_mut(area) {
                fostered.take(episode);
            }
        }
    }
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut table = Table {
        name: IN_HOUSE.id.to_owned(),
        title: IN_HOUSE.title.to_owned(),
        definition: IN_HOUSE.reference(),
        dimensions: [areas.dimension.columns.clone(), names(&["variant"])].concat(),
        measures: names(&[OWN, "others", FOSTERED]),
        rows: Vec::new(),
        lines: Vec::new(),
        frames: Vec::new(),
    };
    for (node, fostered) in areas.dimension.nodes.iter().zip(counts) {
        for (variant, cells) in fostered.readings(&node.key) {
            let [above, between, below] = cells.clone().map(|(id, _)| id);
            table.lines.push(Line::of(below, vec![above, between]));
            let cells = cells.map(|(id, value)| Cell::Count { id, value, contributors: None });
            table.rows.push(Row { labels: [node.labels.clone(), names(&[variant])].concat(), cells: cells.to_vec() });
        }
        let croydon = format!("{}|{}|croydon|{OWN}", IN_HOUSE.id, node.key);
        let parts = vec![id(&node.key, MAINSTREAM, OWN), id(&node.key, KIN, ALL)];
        table.lines.push(Line::of(croydon, parts));
    }
    // What a reader could add up over areas is in the cells that go by their own names elsewhere, but for these.
    for (own, measure) in
        [("with_kinship", "others"), ("without_kinship", "others"), ("of_all", "others"), ("croydon", OWN)]
    {
        areas.add_up(&mut table.lines, &|area| format!("{}|{area}|{own}|{measure}", IN_HOUSE.id));
    }
    table
}

/// Families, and the rest. The groups are cells of the placement mix.
fn family(picture: &Picture) -> Table {
    let ways: Vec<(&str, &str, usize)> = [("family_based", "In a family", 0), ("not_family_based", "Elsewhere", 0)]
        .into_iter()
        .chain(
            PlacementGroup::ALL
                .iter()
                .map(|group| (group.as_str(), group.label(), if group.is_family_based() { 1 } else { 2 })),
        )
        .collect();
    let ways = tree("placement_group", "All kinds", &ways);
    let shared = |area: &str, way: &str| Some(mix::id(area, way.parse().ok()?));
    snapshot::table(
        &FAMILY,
        (picture, &Areas::of_authorities(&picture.members)),
        &ways,
        &shared,
        |_: AuthorityCode, episode| find(&ways, episode.group.as_str()),
    )
}
