//! The tables on regions small enough to count by hand.

use crate::made::{
    AS_AT, BARNET, CROYDON, GREENWICH, KENT, LEWISHAM, code, count, episode, event, home, region, table, tables,
};
use hub_disclosure::{Cell, Policy, Stamp, gate};
use hub_domain::{PlacementRow, QualityRow, Timestamp, VacancyRow};
use hub_sufficiency::{definitions, find_definition, is_published};
use jiff::civil::date;

#[test]
fn children_in_care_are_those_open_on_the_day() {
    let mut region = region();
    let lewisham = code(LEWISHAM);
    region.placement(lewisham, &episode("open"));
    region.placement(lewisham, &PlacementRow { episode_end: Some(AS_AT), ..episode("ended-today") });
    region.placement(lewisham, &PlacementRow { episode_end: Some(date(2026, 3, 2)), ..episode("ends-tomorrow") });
    region.placement(lewisham, &PlacementRow { episode_start: date(2026, 3, 2), ..episode("starts-tomorrow") });
    region.placement(lewisham, &PlacementRow { legal_status: "V4".to_owned(), ..episode("short-breaks") });
    region.placement(lewisham, &PlacementRow { legal_status: "V3".to_owned(), ..episode("short-break") });
    region.placement(code(KENT), &episode("not-a-member"));
    // One child, two episodes open by mistake: once, where the later one says.
    let later = PlacementRow { episode_start: date(2025, 9, 1), placement_type: "K2".to_owned(), ..episode("open") };
    region.placement(lewisham, &later);
    // Another authority's reference may be the same and is another child; this one is eighteen months old and seeks asylum.
    let baby = PlacementRow { birth_month: "2024-09".to_owned(), uasc: true, ..episode("open") };
    region.placement(code(CROYDON), &baby);
    let tables = tables(region);
    let care = table(&tables, "children_in_care");
    let children = |labels: &[&str]| count(&care, labels, "children");
    assert_eq!(children(&["all", "region", "all", "all"]), 3);
    assert_eq!(children(&["SEL", "all", "all"]), 2);
    assert_eq!(children(&[LEWISHAM, "10-12", "all"]), 2);
    assert_eq!(children(&[LEWISHAM, "10-15", "all"]), 2);
    assert_eq!(children(&[LEWISHAM, "13-15", "all"]), 0);
    assert_eq!((children(&[CROYDON, "1-4", "all"]), children(&[CROYDON, "0-4", "all"])), (1, 1));
    assert_eq!((children(&[CROYDON, "all", "uasc"]), children(&[LEWISHAM, "all", "not_uasc"])), (1, 2));
    let mix = table(&tables, "placement_mix");
    assert_eq!(count(&mix, &[LEWISHAM, "all", "residential"], "children"), 1);
    assert_eq!(count(&mix, &["SEL", "10-12", "fostering"], "children"), 1);
    assert_eq!(count(&mix, &["all", "region", "all", "residential"], "children"), 1);
    assert_eq!(count(&mix, &["all", "region", "all", "All kinds"], "children"), 3);
}

#[test]
fn a_temporary_move_is_shown_as_one_and_starts_no_stay() {
    let mut region = region();
    let away = PlacementRow {
        episode_start: date(2026, 2, 20),
        reason_new_episode: "P".to_owned(),
        placement_type: "T1".to_owned(),
        placement_provider: None,
        placement_la: None,
        ..episode("a")
    };
    region.placement(code(LEWISHAM), &PlacementRow { episode_end: Some(date(2026, 2, 20)), ..episode("a") });
    region.placement(code(LEWISHAM), &away);
    let tables = tables(region);
    assert_eq!(count(&table(&tables, "placement_mix"), &[LEWISHAM, "all", "temporary"], "children"), 1);
    let flows = table(&tables, "flows");
    assert_eq!(count(&flows, &[LEWISHAM, "Lewisham", "unknown"], "stock"), 1);
    assert_eq!(count(&flows, &[LEWISHAM, "Lewisham", "all", "total"], "starts"), 0);
}

#[test]
fn flows_count_who_lives_where_and_stays_begun_within_the_year() {
    let mut region = region();
    let placed = |child: &str, host: Option<&str>, start| PlacementRow {
        placement_la: host.map(code),
        episode_start: start,
        ..episode(child)
    };
    // The window is the twelve months up to the day: 1 March 2025 is outside it, 2 March within.
    region.placement(code(LEWISHAM), &placed("a", Some(LEWISHAM), date(2025, 3, 1)));
    region.placement(code(LEWISHAM), &placed("b", Some(LEWISHAM), date(2025, 3, 2)));
    region.placement(code(LEWISHAM), &placed("c", Some(GREENWICH), AS_AT));
    region.placement(code(LEWISHAM), &placed("d", Some(KENT), date(2025, 12, 1)));
    region.placement(code(LEWISHAM), &placed("e", None, date(2020, 1, 1)));
    region.placement(code(CROYDON), &placed("f", Some(LEWISHAM), date(2025, 6, 1)));
    // Over before the day: a start, not stock.
    let over = PlacementRow { episode_end: Some(date(2025, 8, 1)), ..placed("g", Some(KENT), date(2025, 7, 1)) };
    region.placement(code(LEWISHAM), &over);
    let flows = table(&tables(region), "flows");
    let at = |placing: &str, host: &str| {
        let labels = [placing, host];
        (count(&flows, &labels, "stock"), count(&flows, &labels, "starts"))
    };
    assert_eq!(at("Lewisham", "in_area"), (2, 1));
    assert_eq!(at("Lewisham", "elsewhere_in_region"), (1, 1));
    assert_eq!(at("Lewisham", "In the region"), (3, 2));
    assert_eq!(at("Lewisham", "outside_region"), (1, 2));
    assert_eq!(at("Lewisham", "Kent"), (1, 2));
    assert_eq!(at("Lewisham", "unknown"), (1, 0));
    assert_eq!(at("Lewisham", "total"), (5, 4));
    assert_eq!(at("Croydon", "E09000023"), (1, 1));
    assert_eq!(at("Whole region", "E09000023"), (3, 2));
    assert_eq!(at("Whole region", "in_area"), (2, 1));
}

#[test]
fn places_are_counted_by_how_far_they_can_be_relied_on() {
    let mut region = region();
    let lewisham = code(LEWISHAM);
    region.vacancy(lewisham, home("usable"));
    let last_week = |hour: &str| Some(format!("2026-02-{hour}Z").parse().unwrap());
    region.vacancy(lewisham, VacancyRow { confirmed_at: last_week("22T09:00:00"), ..home("seven-days") });
    region.vacancy(lewisham, VacancyRow { confirmed_at: last_week("21T23:59:00"), ..home("eight-days") });
    region.vacancy(lewisham, VacancyRow { confirmed_at: None, ..home("never") });
    region.vacancy(lewisham, VacancyRow { urn: String::new(), ..home("no-urn") });
    region.vacancy(lewisham, VacancyRow { available_from: Some(date(2026, 3, 8)), ..home("in-a-week") });
    region.vacancy(lewisham, VacancyRow { available_from: Some(date(2026, 3, 9)), ..home("later") });
    // More children than places, and places nobody accounts for.
    let full = VacancyRow { approved_places: 2, occupied_places: 3, available_places: 0, ..home("over") };
    region.vacancy(lewisham, full);
    let loose = VacancyRow { approved_places: 6, held_places: 1, closed_places: 2, ..home("loose") };
    region.vacancy(lewisham, loose);
    let vacancies = table(&tables(region), "vacancies");
    let of = |measure| count(&vacancies, &["SEL", "foster_household"], measure);
    assert_eq!((of("settings"), of("places")), (9, 7 * 2 + 3 + 6));
    assert_eq!((of("occupied"), of("held_places"), of("closed"), of("not_accounted")), (8 + 3, 1, 2, 1));
    assert_eq!((of("available"), of("usable"), of("stale"), of("unusable")), (8, 4, 2, 2));
}

/// A household of one or two places is personal data: what few settings stand behind is hidden
/// whole, however large the counts, and so is what would give it back.
#[test]
fn what_few_settings_stand_behind_is_hidden() {
    let mut region = region();
    let school = |setting: &str| VacancyRow { provision: "residential_school".to_owned(), ..home(setting) };
    for n in 0..4 {
        let large = VacancyRow { approved_places: 40, occupied_places: 39, ..home(&format!("k{n}")) };
        region.vacancy(code(LEWISHAM), large);
    }
    for n in 0..30 {
        region.vacancy(code(LEWISHAM), school(&format!("s{n}")));
        region.vacancy(code(LEWISHAM), VacancyRow { provision: "short_break".to_owned(), ..home(&format!("b{n}")) });
        region.vacancy(code(BARNET), VacancyRow { host_la: code(BARNET), ..home(&format!("n{n}")) });
    }
    let gated = gate(region.finish().tables(), &Policy::default()).unwrap();
    let csv = String::from_utf8(gated.table("vacancies").unwrap().to_csv(&stamp())).unwrap();
    let row = |start: &str| csv.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    assert!(row("SEL,South East London,sub_region,foster_household").contains(",c,c,c,"));
    assert!(!csv.contains("160") && !csv.contains("156"), "{csv}");
    // The sub-region's own total stays, and one of the two larger kinds; the other sub-region is untouched.
    assert!(row("SEL,South East London,sub_region,all,All kinds,64,280,").contains(",vacancies,2,"));
    assert!(
        row("NCL,North Central London,sub_region,foster_household,Foster household,30,60,30,0,0,0,30,30,0,0").len() > 9
    );
}

#[test]
fn providers_are_shown_by_every_eye_side_by_side() {
    let mut region = region();
    let visit = |reference: &str, day, overall: &str, care| QualityRow {
        occurred_on: day,
        overall: Some(overall.to_owned()),
        score_care: care,
        ..event(reference, "visit")
    };
    region.quality(code(LEWISHAM), &visit("1", date(2025, 6, 1), "good", Some(3)));
    region.quality(code(LEWISHAM), &visit("2", date(2025, 9, 1), "inadequate", Some(1)));
    region.quality(code(GREENWICH), &visit("3", date(2024, 9, 1), "outstanding", Some(4)));
    let young = QualityRow { source: "young_inspectors".to_owned(), ..visit("4", date(2025, 7, 1), "good", None) };
    region.quality(code(LEWISHAM), &QualityRow { next_due: Some(date(2026, 7, 1)), ..young });
    region.quality(code(LEWISHAM), &QualityRow { next_due: Some(date(2026, 9, 1)), ..event("5", "visit") });
    region.quality(code(LEWISHAM), &event("6", "suspension"));
    let serious = QualityRow { concern_level: Some("serious".to_owned()), ..event("7", "concern") };
    region.quality(code(GREENWICH), &serious);
    region.quality(code(GREENWICH), &QualityRow { in_force_to: Some(AS_AT), ..event("8", "improvement_plan") });
    for n in 0..6 {
        let child = format!("c{n}");
        region.placement(code(LEWISHAM), &PlacementRow { urn: Some("1234567".to_owned()), ..episode(&child) });
    }
    region.placement(code(LEWISHAM), &PlacementRow { urn: Some("XXXXXXX".to_owned()), ..episode("x") });
    let tables = tables(region);
    let providers = table(&tables, "provider_quality");
    assert_eq!(providers.rows.len(), 1);
    let text = |text: &str| Cell::Text(text.to_owned());
    assert_eq!(count(&providers, &["1234567"], "children"), 6);
    assert!(
        providers.rows[0].cells[1..]
            == [
                Cell::Figure(4),
                text("2026-02-01"),
                text("2026-09-01"),
                Cell::Figure(1),
                Cell::Figure(1),
                Cell::Figure(0),
                Cell::Figure(0),
            ]
    );
    let scores = table(&tables, "provider_scores");
    let seen: Vec<_> = scores.rows.iter().map(|row| (row.labels[1].as_str(), row.labels[3].as_str())).collect();
    assert_eq!(seen, [("borough_qa", "Greenwich"), ("borough_qa", "Lewisham"), ("young_inspectors", "Lewisham")]);
    assert!(scores.rows[0].cells[..2] == [text("2024-09-01"), text("outstanding")]);
    assert!(scores.rows[1].cells[..2] == [text("2025-09-01"), text("inadequate")]);
    assert!(scores.rows[1].cells[3] == Cell::Figure(1) && scores.rows[2].cells[3] == Cell::Blank);
}

#[test]
fn an_empty_region_has_every_table_and_every_table_its_definition() {
    let tables = tables(region());
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let mut defined: Vec<&str> = definitions().map(|definition| definition.id).filter(|id| is_published(id)).collect();
    // The versions of one definition stand together, the one in force first.
    defined.dedup();
    assert_eq!(names, defined);
    for table in &tables {
        let definition = find_definition(&table.definition.id).unwrap();
        assert_eq!((table.definition.version, table.title.as_str()), (definition.version, definition.title));
        assert!(!table.measures.is_empty() && table.rows.iter().all(|row| row.cells.len() == table.measures.len()));
    }
}

fn stamp() -> Stamp {
    Stamp { release: "r1".to_owned(), as_at: AS_AT, as_known: Timestamp::UNIX_EPOCH }
}

/// Costs, who pays them and where the children live are tied by sums: all of a region passes the gate together.
#[test]
fn costs_and_who_pays_them_pass_the_gate_together() {
    let mut region = region();
    for n in 0..96_i64 {
        let authority = [LEWISHAM, GREENWICH, CROYDON, BARNET][usize::try_from(n % 4).unwrap()];
        let kind = ["K2", "U6", "U4", "K3"][usize::try_from(n / 4 % 4).unwrap()];
        let row = PlacementRow {
            placement_type: kind.to_owned(),
            weekly_cost: (n % 9 > 0).then_some(100_000 + n * 100),
            health_share: (kind == "K2").then_some(20_000),
            ..episode(&format!("c{n}"))
        };
        region.placement(code(authority), &row);
    }
    let tables = tables(region);
    let payers = table(&tables, "cost_by_payer");
    let with = |kind: &str| count(&payers, &[kind], "with_health");
    assert_eq!((with("childrens_home"), with("all")), (21, 21), "24, less three that are not costed");
    assert!(payers.rows.iter().all(|row| row.labels[0] != "semi_independent"), "nobody contributes");
}
