use jiff::civil::date;

use super::*;

fn code(text: &str) -> AuthorityCode {
    text.parse().unwrap()
}

#[test]
fn the_registry_is_all_of_england() {
    assert_eq!(all().iter().filter(|authority| authority.is_london()).count(), 33);
    // In being now; Surrey's successors; and six that have ended.
    assert_eq!(all().len(), 153 + 2 + 6);
    let in_being = |on: Date| all().iter().filter(|authority| authority.exists_on(on)).collect::<Vec<_>>();
    for (on, many) in [
        (date(2023, 4, 1), 153),
        (date(2025, 3, 31), 153),
        (date(2025, 4, 1), 153),
        (date(2027, 3, 31), 153),
        (date(2027, 4, 1), 154),
    ] {
        assert_eq!(in_being(on).len(), many, "{on}");
    }
    let today = in_being(date(2026, 6, 1));
    let of = |kinds: &[Kind]| today.iter().filter(|authority| kinds.contains(&authority.kind)).count();
    assert_eq!([of(&[Kind::MetropolitanBorough]), of(&[Kind::Unitary]), of(&[Kind::County])], [36, 63, 21]);
    let numbers: std::collections::BTreeSet<_> =
        today.iter().filter_map(|authority| authority.dfe.as_deref()).collect();
    assert_eq!(numbers.len(), 153, "DfE's numbers are each one authority's");
    assert!(all().is_sorted_by(|a, b| a.code < b.code));
    for authority in all() {
        assert!(std::ptr::eq(by_slug(&authority.slug).unwrap(), authority));
        assert!(std::ptr::eq(by_name(&authority.name.to_uppercase()).unwrap(), authority));
        assert_eq!(authority.is_london(), authority.children.is_some());
        assert_eq!(authority.is_provisional(), authority.dfe.is_none());
        assert_eq!(authority.is_london(), authority.region == Region::London);
        assert!(!authority.is_provisional() || authority.centroid.is_none());
        assert!(authority.successors.iter().all(|heir| {
            find(*heir).is_some_and(|heir| heir.valid_from == authority.valid_to.and_then(|last| last.tomorrow().ok()))
        }));
    }
}

#[test]
fn bands_of_population_add_up() {
    for children in all().iter().filter_map(|authority| authority.children.as_ref()) {
        let sum = children.age_0_4 + children.age_5_9 + children.age_10_15 + children.age_16_17;
        assert_eq!(sum, children.age_0_17);
    }
}

#[test]
fn sub_regions_are_the_five_that_make_up_london() {
    let count = |wanted| all().iter().filter(|authority| authority.subregion == Some(wanted)).count();
    assert_eq!(SubRegion::ALL.iter().map(|region| count(*region)).collect::<Vec<_>>(), [5, 8, 8, 6, 6]);
}

#[test]
fn surrey_ends_and_two_begin_on_1_april_2027() {
    let (last, first) = (date(2027, 3, 31), date(2027, 4, 1));
    let surrey = code("E10000030");
    assert!(find_on(surrey, last).is_some() && find_on(surrey, first).is_none());
    assert!(find(surrey).is_some());
    for new in ["X06000001", "X06000002"].map(code) {
        assert!(find_on(new, last).is_none() && find_on(new, first).is_some());
        assert!(find(new).unwrap().is_provisional());
        assert!(succeeds(new, surrey) && !succeeds(surrey, new));
    }
}

#[test]
fn a_code_that_changed_is_another_from_its_day() {
    let (last, first) = (date(2025, 3, 31), date(2025, 4, 1));
    let (before, since) = (code("E08000019"), by_slug("sheffield").unwrap().code);
    assert!(find_on(before, last).is_some() && find_on(since, last).is_none());
    assert!(find_on(before, first).is_none() && find_on(since, first).is_some());
    assert!(succeeds(since, before));
}

#[test]
fn an_unlisted_authority_is_none() {
    assert_eq!(find(code("W06000015")), None);
    assert_eq!(by_slug("cardiff"), None);
}

#[test]
fn miles_between_centres() {
    let lewisham = by_slug("lewisham").unwrap();
    let bromley = by_slug("bromley").unwrap();
    let apart = lewisham.miles_to(bromley).unwrap();
    assert!((apart - 6.10).abs() < 0.05, "{apart}");
    assert_eq!(lewisham.miles_to(lewisham), Some(0.0));
    assert_eq!(miles_between(lewisham.code, code("X06000001")), None);
    let degree = miles(Place { lat: 51.0, long: 0.0 }, Place { lat: 52.0, long: 0.0 });
    assert!((degree - 69.09).abs() < 0.01, "{degree}");
}
