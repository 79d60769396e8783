//! When a vacancy serves a search, one condition at a time; and what is left over.

use crate::made::{
    AS_AT, BARNET, GREENWICH, KENT, LEWISHAM, code, count, event, home, region, search, sibling, table, tables,
};
use hub_disclosure::Table;
use hub_domain::{QualityRow, SearchRow, VacancyRow};
use hub_sufficiency::Region;
use jiff::civil::date;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// Searching, served, unserved, reachable places in South East London, where all seekers are.
fn totals(region: Region) -> [u64; 4] {
    of(&table(&tables(region), "market_gaps"), &["SEL", "all", "all"])
}

fn of(gaps: &Table, labels: &[&str]) -> [u64; 4] {
    let labels = [labels, &["all"]].concat();
    ["searching", "served", "unserved", "reachable_places"].map(|measure| count(gaps, &labels, measure))
}

fn serves(home: VacancyRow, search: &SearchRow) -> bool {
    let mut region = region();
    region.vacancy(code(LEWISHAM), home);
    region.search(code(LEWISHAM), search);
    totals(region) == [1, 1, 0, 1]
}

#[test]
fn a_home_that_fits_serves() {
    assert!(serves(home("h"), &search("c")));
}

#[test]
fn provision_age_and_sex_must_fit() {
    assert!(!serves(VacancyRow { provision: "childrens_home".to_owned(), ..home("h") }, &search("c")));
    let either = SearchRow { provision_sought: words(&["childrens_home", "foster_household"]), ..search("c") };
    assert!(serves(home("h"), &either));
    for (age, fits) in [(4, false), (5, true), (17, true), (18, false)] {
        assert_eq!(serves(home("h"), &SearchRow { age, ..search("c") }), fits, "{age}");
    }
    for (accepted, sex, fits) in
        [("F", "F", true), ("F", "M", false), ("any", "M", true), ("any", "U", true), ("M", "U", false)]
    {
        let home = VacancyRow { sex_accepted: accepted.to_owned(), ..home("h") };
        assert_eq!(serves(home, &SearchRow { sex: sex.to_owned(), ..search("c") }), fits, "{accepted} {sex}");
    }
}

#[test]
fn supported_accommodation_is_for_sixteen_and_over() {
    let hostel = VacancyRow { provision: "supported_accommodation".to_owned(), ..home("h") };
    let seeks = |age| SearchRow { provision_sought: words(&["supported_accommodation"]), age, ..search("c") };
    assert!(!serves(hostel.clone(), &seeks(15)));
    assert!(serves(hostel, &seeks(16)));
}

#[test]
fn essential_needs_forbid_and_desirable_ones_do_not() {
    let needs = |essential: &[&str], desirable: &[&str]| SearchRow {
        needs_essential: words(essential),
        needs_desirable: words(desirable),
        ..search("c")
    };
    let able = VacancyRow { needs: words(&["therapeutic", "solo"]), ..home("h") };
    assert!(serves(able.clone(), &needs(&["therapeutic", "solo"], &["respite"])));
    assert!(!serves(able.clone(), &needs(&["therapeutic", "respite"], &[])));
    // A word nobody knows is never met, even by a home that says the same word.
    let odd = VacancyRow { needs: words(&["unheard_of"]), ..home("h") };
    assert!(!serves(odd, &needs(&["unheard_of"], &[])));
}

#[test]
fn only_available_fresh_registered_places_serve() {
    assert!(!serves(VacancyRow { available_places: 0, held_places: 1, closed_places: 1, ..home("h") }, &search("c")));
    assert!(!serves(VacancyRow { urn: String::new(), ..home("h") }, &search("c")));
    assert!(!serves(VacancyRow { confirmed_at: None, ..home("h") }, &search("c")));
    // Calendar days to the day itself: seven for fostering, three for a children's home.
    for (provision, day, fits) in [
        ("foster_household", "22", true),
        ("foster_household", "21", false),
        ("childrens_home", "26", true),
        ("childrens_home", "25", false),
        ("residential_school", "15", true),
        ("residential_school", "14", false),
    ] {
        let confirmed_at = Some(format!("2026-02-{day}T23:30:00Z").parse().unwrap());
        let home = VacancyRow { provision: provision.to_owned(), confirmed_at, ..home("h") };
        let seeks = SearchRow { provision_sought: words(&[provision]), ..search("c") };
        assert_eq!(serves(home, &seeks), fits, "{provision} {day}");
    }
}

#[test]
fn the_place_must_be_free_in_time() {
    let from = |day| VacancyRow { available_from: Some(date(2026, 3, day)), ..home("h") };
    let by = |needed_by| SearchRow { needed_by, ..search("c") };
    assert!(serves(from(8), &by(None)) && !serves(from(9), &by(None)));
    assert!(serves(from(5), &by(Some(date(2026, 3, 5)))) && !serves(from(6), &by(Some(date(2026, 3, 5)))));
    // Needed by a day gone by reads as needed today.
    assert!(serves(from(1), &by(Some(date(2026, 2, 1)))) && !serves(from(2), &by(Some(date(2026, 2, 1)))));
}

#[test]
fn the_home_must_be_near_or_where_it_was_asked_for() {
    let at = |host: &str| VacancyRow { host_la: code(host), ..home("h") };
    let within = |max_miles, areas: &[&str]| SearchRow {
        max_miles,
        area_preferred: areas.iter().map(|&area| code(area)).collect(),
        ..search("c")
    };
    // Lewisham to Barnet is about fourteen miles, to the middle of Kent some thirty-seven.
    assert!(serves(at(BARNET), &within(None, &[])));
    assert!(!serves(at(BARNET), &within(Some(10.0), &[])));
    assert!(serves(at(BARNET), &within(Some(10.0), &[BARNET])));
    assert!(!serves(at(KENT), &within(None, &[])));
    assert!(serves(at(KENT), &within(Some(40.0), &[])));
    // A host nobody knows is reached by name only.
    assert!(!serves(at("E06000001"), &within(Some(500.0), &[])));
    assert!(serves(at("E06000001"), &within(None, &["E06000001"])));
}

#[test]
fn restrictions_bind() {
    let with = |raiser: &str, quality: &QualityRow, seeker: &str| {
        let mut region = region();
        region.vacancy(code(LEWISHAM), home("h"));
        region.quality(code(raiser), quality);
        region.search(code(seeker), &search("c"));
        totals(region)[1] == 1
    };
    let serious = QualityRow { concern_level: Some("serious".to_owned()), ..event("e", "concern") };
    let watch = QualityRow { concern_level: Some("watch".to_owned()), ..event("e", "concern") };
    let over = QualityRow { in_force_to: Some(AS_AT), ..event("e", "suspension") };
    let other = QualityRow { setting_ref: Some("another".to_owned()), ..event("e", "suspension") };
    assert!(!with(LEWISHAM, &event("e", "suspension"), LEWISHAM));
    assert!(with(LEWISHAM, &over, GREENWICH) && with(LEWISHAM, &other, GREENWICH));
    assert!(!with(LEWISHAM, &serious, GREENWICH) && with(LEWISHAM, &serious, LEWISHAM));
    assert!(with(LEWISHAM, &watch, GREENWICH));
}

#[test]
fn only_open_searches_are_demand_and_a_child_is_wanted_once() {
    let mut region = region();
    let lewisham = code(LEWISHAM);
    let closed = |day| SearchRow { closed_on: Some(day), outcome: Some("no_offer".to_owned()), ..search("gone") };
    region.search(lewisham, &closed(AS_AT));
    region.search(lewisham, &SearchRow { closed_on: Some(date(2026, 3, 2)), ..search("closes-tomorrow") });
    region.search(lewisham, &SearchRow { opened_on: date(2026, 3, 2), ..search("opens-tomorrow") });
    region.search(lewisham, &search("twice"));
    let again = SearchRow { search_ref: "later".to_owned(), opened_on: date(2026, 2, 25), age: 9, ..search("twice") };
    region.search(lewisham, &again);
    let gaps = table(&tables(region), "market_gaps");
    assert_eq!(count(&gaps, &["SEL", "all", "all", "all"], "searching"), 2);
    assert_eq!(count(&gaps, &["SEL", "5-9", "foster_household", "all"], "searching"), 1);
    assert_eq!(count(&gaps, &["SEL", "10-12", "foster_household", "all"], "no_offer"), 1);
}

#[test]
fn one_bed_is_never_counted_twice() {
    let mut region = region();
    region.vacancy(code(LEWISHAM), home("only"));
    // Both could have it, under two provisions and two ages.
    // The one who lives nearer does.
    region.search(code(LEWISHAM), &SearchRow { needed_by: Some(AS_AT), ..search("a") });
    let other = SearchRow { provision_sought: words(&["childrens_home", "foster_household"]), age: 14, ..search("b") };
    region.search(code(GREENWICH), &other);
    let gaps = table(&tables(region), "market_gaps");
    assert_eq!(of(&gaps, &["SEL", "all", "all"]), [2, 1, 1, 1]);
    assert_eq!(of(&gaps, &["SEL", "10-12", "foster_household"]), [1, 1, 0, 1]);
    assert_eq!(of(&gaps, &["SEL", "13-15", "childrens_home"]), [1, 0, 1, 1]);
}

#[test]
fn siblings_stay_together_unless_they_may_be_split() {
    let group = |region: &mut Region, may_split| {
        for child in ["a", "b", "c"] {
            region.search(code(LEWISHAM), &sibling(child, "g", may_split));
        }
    };
    let large = |available, siblings| VacancyRow {
        approved_places: 4,
        occupied_places: 0,
        available_places: available,
        sibling_places: siblings,
        ..home("large")
    };
    // Room for three, in every sense of it.
    for (available, siblings, served) in [(3, Some(3), 3), (4, Some(2), 0), (2, Some(3), 0), (4, None, 0)] {
        let mut region = region();
        region.vacancy(code(LEWISHAM), large(available, siblings));
        group(&mut region, None);
        assert_eq!(totals(region)[1], served, "{available} {siblings:?}");
    }
    // Three homes for one each: only those who may be split.
    for (may_split, served) in [(Some(true), 3), (Some(false), 0)] {
        let mut region = region();
        for setting in ["x", "y", "z"] {
            region.vacancy(code(LEWISHAM), home(setting));
        }
        group(&mut region, may_split);
        assert_eq!(totals(region)[1], served, "{may_split:?}");
    }
}

#[test]
fn the_larger_group_comes_first_and_takes_the_tighter_home() {
    let mut region = region();
    let room = |setting: &str, places| VacancyRow {
        approved_places: places,
        occupied_places: 0,
        available_places: places,
        sibling_places: Some(places),
        ..home(setting)
    };
    region.vacancy(code(LEWISHAM), room("five", 5));
    region.vacancy(code(LEWISHAM), room("three", 3));
    for child in ["a", "b"] {
        region.search(code(LEWISHAM), &sibling(child, "two", None));
    }
    for child in ["c", "d", "e"] {
        region.search(code(LEWISHAM), &sibling(child, "three", None));
    }
    for child in ["f", "g", "h"] {
        region.search(code(LEWISHAM), &search(child));
    }
    assert_eq!(totals(region), [8, 8, 0, 8]);
}

#[test]
fn the_latest_report_of_a_setting_counts_and_disagreement_is_listed() {
    let mut region = region();
    let earlier = Some("2026-02-27T07:00:00Z".parse().unwrap());
    region.vacancy(code(GREENWICH), VacancyRow { confirmed_at: earlier, available_places: 2, ..home("shared") });
    region.vacancy(code(LEWISHAM), home("shared"));
    for child in ["a", "b"] {
        region.search(code(LEWISHAM), &search(child));
    }
    let picture = region.finish();
    let [disagreement] = picture.disagreements() else { panic!("one disagreement") };
    assert_eq!((disagreement.kept, disagreement.other), (code(LEWISHAM), code(GREENWICH)));
    assert_eq!(disagreement.columns, ["available_places"]);
    assert_eq!(of(&table(&picture.tables(), "market_gaps"), &["SEL", "all", "all"]), [2, 1, 1, 1]);
}
