use jiff::civil::date;

use super::*;

#[test]
fn a_collection_year_is_named_by_the_year_it_ends_in() {
    assert_eq!(collection_year(date(2025, 3, 31)), 2025);
    assert_eq!(collection_year(date(2025, 4, 1)), 2026);
    assert_eq!(year_start(2026), Some(date(2025, 4, 1)));
    assert_eq!(year_end(2026), Some(date(2026, 4, 1)));
    assert_eq!((year_label(2026), year_label(2000)), ("2025/26".to_owned(), "1999/00".to_owned()));
}

#[test]
fn lists_move_with_the_year() {
    let valid = |list, code, years: [i16; 3]| years.map(|year| valid_on(list, code, year));
    assert_eq!(valid(CodeList::Sex, "1", [2024, 2025, 2026]), [true, false, false]);
    assert_eq!(valid(CodeList::Sex, "U", [2024, 2025, 2026]), [false, true, true]);
    assert_eq!(valid(CodeList::Place, "H5", [2024, 2025, 2026]), [true, false, false]);
    assert_eq!(valid(CodeList::Place, "K3", [2024, 2025, 2026]), [false, true, true]);
    assert_eq!(valid(CodeList::Place, "Z11", [2024, 2025, 2026]), [false, false, true]);
    assert_eq!(valid(CodeList::Rec, "E43", [2018, 2019, 2026]), [true, false, false]);
    assert_eq!(valid(CodeList::ReasonPlaceChange, "CUSTOD", [2018, 2019, 2026]), [false, true, true]);
    assert_eq!(valid(CodeList::Place, "U6", [1999, 2026, 2040]), [true; 3]);
}

#[test]
fn z1_in_2025_26_is_taken_with_a_warning() {
    let z1 = find(CodeList::Place, "Z1").unwrap();
    let standings = [2025, 2026, 2027].map(|year| z1.standing(year));
    assert_eq!(standings, [Standing::Current, Standing::Tolerated, Standing::Retired]);
    assert_eq!(find(CodeList::Place, "Z13").unwrap().standing(2025), Standing::NotYet);
}

#[test]
fn an_episode_over_1_april_may_carry_either_years_code() {
    let h5 = find(CodeList::Place, "H5").unwrap();
    assert_eq!(h5.standing_during(date(2024, 3, 1), Some(date(2024, 9, 1))), Standing::Current);
    assert_eq!(h5.standing_during(date(2024, 3, 1), None), Standing::Current);
    assert_eq!(h5.standing_during(date(2024, 4, 1), None), Standing::Retired);
    let k3 = find(CodeList::Place, "K3").unwrap();
    assert_eq!(k3.standing_during(date(2024, 3, 1), Some(date(2024, 9, 1))), Standing::Current);
    assert_eq!(k3.standing_during(date(2024, 3, 1), Some(date(2024, 4, 1))), Standing::NotYet);
}

#[test]
fn look_up_is_exact() {
    for (list, code) in [
        (CodeList::Place, ""),
        (CodeList::Place, "u6"),
        (CodeList::Place, "U6 "),
        (CodeList::Place, "U60"),
        (CodeList::Place, "S"),
        (CodeList::Rne, "U6"),
        (CodeList::Place, "\0U6"),
        (CodeList::Place, "ABCDEFGHIJKL"),
    ] {
        assert!(find(list, code).is_none(), "{list} {code:?}");
    }
}

#[test]
fn every_code_is_found_once_in_its_list() {
    let mut seen = 0;
    for list in CodeList::ALL {
        for code in all(*list) {
            assert!(std::ptr::eq(find(*list, &code.code).unwrap(), code));
            seen += 1;
        }
    }
    assert_eq!(seen, include_str!("../../data/codes.csv").lines().count() - 1);
}

#[test]
fn every_placement_type_has_a_group_and_no_other_code_has() {
    for list in CodeList::ALL {
        assert!(all(*list).all(|code| code.group.is_some() == (*list == CodeList::Place)), "{list}");
    }
    assert_eq!(PlacementGroup::of("U2"), Some(PlacementGroup::Kinship));
    assert_eq!(PlacementGroup::of("H5"), PlacementGroup::of("K3"));
    assert_eq!(PlacementGroup::of("Q9"), None);
    assert!(is_temporary("T4") && !is_temporary("U4") && is_short_break("V3") && !is_short_break("V2"));
}

#[test]
fn in_year_lists_only_what_may_be_used() {
    let sexes = |year| in_year(CodeList::Sex, year).map(|code| code.code.as_str()).collect::<Vec<_>>();
    assert_eq!(sexes(2024), ["1", "2"]);
    assert_eq!(sexes(2025), ["M", "F", "U"]);
}
