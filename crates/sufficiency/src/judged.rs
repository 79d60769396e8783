//! Children by how their provider was judged, and providers visited.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Line, Row, Table};
use hub_domain::AuthorityCode;

use crate::area::{ALL, Areas, name_of};
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Vector};
use crate::episode::Episode;
use crate::matching::grade::Grade;
use crate::quality;
use crate::region::Picture;
use crate::snapshot::{self, alone, find, in_care, tree};

const BY_JUDGEMENT: Definition = Definition {
    id: "children_by_judgement",
    title: "Children in care, by the latest judgement of their provider at a visit",
    words: "Children in care today by the latest overall judgement that any member gave their provider at a visit: \
            outstanding, good, requires improvement, inadequate; providers not yet judged stand apart, and so do children \
            whose placement names no provider. For each sub-region.",
    cohort: LOOKED_AFTER,
    numerator: "Children, not homes, of the row: good_or_better for the share of children with providers judged good or better.",
    denominator: "Children whose provider is judged: the row judged.",
    window: "At the day; a judgement stands until a later one.",
    source: "Indicator 31 (Bromley 2022-24, Croydon 2019-20).",
    datasets: "placements, quality",
    unit: "children",
    limits: "These are members' own judgements at visits. The regulator's are another scale and stand in a table of their own, \
             never folded into this one. Of several judgements on one day the worst counts.",
    vectors: &[Vector {
        shows: "the latest judgement up to the day counts, a later one does not; a provider nobody judged stands apart",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K2","urn":"1234567"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K2","urn":"7654321"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"P1"}"#,
            ),
            visit(
                r#"{"event_ref":"1","urn":"1234567","kind":"visit","occurred_on":"2025-01-01","overall":"inadequate"}"#,
            ),
            visit(r#"{"event_ref":"2","urn":"1234567","kind":"visit","occurred_on":"2026-03-01","overall":"good"}"#),
            visit(
                r#"{"event_ref":"3","urn":"1234567","kind":"visit","occurred_on":"2026-03-02","overall":"inadequate"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "good_or_better"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "judged"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "not_judged"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "no_provider"], measure: "children", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const VISITED: Definition = Definition {
    id: "providers_visited",
    title: "Providers in use and visited in twelve months",
    words: "Providers with a child in care there today, and how many of them had a visit by any member in the twelve months: for \
            the region, and for each authority of the providers it uses.",
    cohort: "URNs that an episode open on the day names.",
    numerator: "visited.",
    denominator: "providers.",
    window: "In use: at the day. Visits: the twelve months up to and including it.",
    source: "Indicator 32 (Southwark 2018-22: all of them by September 2018).",
    datasets: "placements, quality",
    unit: "providers",
    limits: "An authority's providers are used by others too: the rows do not add up to the region's. A URN is one registered \
             provider: for fostering and supported accommodation it is not one address. A visit of any source counts.",
    vectors: &[Vector {
        shows: "a visit a year ago to the day is outside the twelve months, one the day after is within",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K2","urn":"1234567"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K2","urn":"7654321"}"#,
            ),
            visit(r#"{"event_ref":"1","urn":"1234567","kind":"visit","occurred_on":"2025-03-01","overall":"good"}"#),
            visit(r#"{"event_ref":"2","urn":"7654321","kind":"visit","occurred_on":"2025-03-02","overall":"good"}"#),
        ],
        expect: &[
            Expect { row: &["E09000023"], measure: "visited", value: 1 },
            Expect { row: &["E09000023"], measure: "not_visited", value: 1 },
            Expect { row: &["all"], measure: "providers", value: 2 },
        ],
    }],
    ..Definition::BLANK
};

const fn visit(record: &'static str) -> Given {
    Given { dataset: "quality", authority: "E09000023", record }
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &BY_JUDGEMENT, table: Some(|_, asked| by_judgement(asked.picture)) },
    Indicator { definition: &VISITED, table: Some(|_, asked| visited(asked.picture)) },
];

/// Of children whose placement names no provider.
pub(crate) const NO_PROVIDER: &str = "no_provider";

/// Id of a count of children by judgement, whichever table it stands in.
pub(crate) fn id(area: &str, judgement: &str) -> String {
    format!("{}|{area}|{judgement}|children", BY_JUDGEMENT.id)
}

fn by_judgement(picture: &Picture) -> Table {
    let ways = [
        ("judged", "Judged", 0),
        ("not_judged", "Not yet judged", 0),
        (NO_PROVIDER, "No provider named", 0),
        ("good_or_better", "Good or outstanding", 1),
        ("below_good", "Below good", 1),
        ("outstanding", "Outstanding", 4),
        ("good", "Good", 4),
        ("requires_improvement", "Requires improvement", 5),
        ("inadequate", "Inadequate", 5),
    ];
    let ways = tree("judgement", "All", &ways);
    let names = picture.children.names.by_number();
    // Every provider is looked up once.
    let grades: BTreeMap<u32, Grade> = names.iter().map(|(&number, urn)| (number, picture.grades.of(urn))).collect();
    let place = |_: AuthorityCode, episode: &Episode| {
        let grade = episode.urn.map(|urn| grades.get(&urn).copied().unwrap_or_default());
        find(&ways, grade.map_or(NO_PROVIDER, Grade::as_str))
    };
    let mut table = snapshot::table(&BY_JUDGEMENT, (picture, &Areas::wide(&picture.members)), &ways, &alone, place);
    let lines = by_provider(picture, &table);
    table.lines.extend(lines);
    table
}

/// Children of all areas by judgement are those of all providers so judged: members read which they are.
fn by_provider(picture: &Picture, table: &Table) -> Vec<Line> {
    let held = picture.children_by_urn();
    let mut providers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for urn in held.keys().copied() {
        providers.entry(picture.grades.of(urn).as_str()).or_default().insert(urn);
    }
    let line = |(grade, urns): (&str, BTreeSet<&str>)| {
        let way = format!("|{grade}|children");
        let areas = table.ids().filter(|id| id.ends_with(&way)).map(str::to_owned).collect();
        Line::between(areas, urns.into_iter().map(quality::children_id).collect())
    };
    providers.into_iter().filter_map(line).collect()
}

/// Providers, which are no people: whole counts.
fn visited(picture: &Picture) -> Table {
    let names = picture.children.names.by_number();
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::from([(ALL, BTreeSet::new())]);
    for code in &picture.members {
        used.insert(code.as_str(), BTreeSet::new());
    }
    for (authority, episode) in in_care(picture) {
        let Some(&urn) = episode.urn.and_then(|urn| names.get(&urn)) else { continue };
        let area = picture.members.get(&authority).map_or(ALL, AuthorityCode::as_str);
        for area in [ALL, area] {
            used.entry(area).or_default().insert(urn);
        }
    }
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut table = Table {
        name: VISITED.id.to_owned(),
        title: VISITED.title.to_owned(),
        definition: VISITED.reference(),
        dimensions: names(&["area", "area_name"]),
        measures: names(&["visited", "not_visited", "providers"]),
        rows: Vec::new(),
        lines: Vec::new(),
        frames: Vec::new(),
    };
    let seen = picture.visited();
    for (area, urns) in used {
        let visited = urns.iter().filter(|urn| seen.contains(*urn)).count();
        let counts = [visited, urns.len() - visited, urns.len()];
        let ids = ["visited", "not_visited", "providers"].map(|measure| format!("{}|{area}|{measure}", VISITED.id));
        let cells = ids.iter().zip(counts).map(|(id, count)| Cell::Count {
            id: id.clone(),
            value: u64::try_from(count).unwrap_or(u64::MAX),
            contributors: None,
        });
        let name = area.parse().map_or_else(|_| "Whole region".to_owned(), name_of);
        table.rows.push(Row { labels: vec![area.to_owned(), name], cells: cells.collect() });
        let [visited, not_visited, providers] = ids;
        table.lines.push(Line::of(providers, vec![visited, not_visited]));
    }
    table
}
