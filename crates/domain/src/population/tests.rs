use jiff::civil::date;

use super::*;

const HEAD: &str = "authority,vintage,estimated_on,age_from,age_to,sex,ethnicity,people\n";

fn file(rows: &str) -> String {
    format!("{HEAD}{rows}")
}

fn lewisham() -> AuthorityCode {
    "E09000023".parse().unwrap()
}

#[test]
fn a_file_is_one_vintage_whole_by_sex_and_by_ethnicity() {
    let text = file(
        "E09000023,ons-mid-2024,2024-06-30,0,4,,,20000\nE09000023,ons-mid-2024,2024-06-30,5,17,,,45000\n\
         E09000023,ons-mid-2024,2024-06-30,0,17,F,,32000\nE09000023,ons-mid-2024,2024-06-30,0,17,,black,25000\n",
    );
    let vintage = read(&text).unwrap();
    assert_eq!((vintage.name.as_str(), vintage.estimated_on), ("ons-mid-2024", date(2024, 6, 30)));
    assert_eq!(vintage.children(lewisham(), Of::Everybody), Some(65_000));
    assert_eq!(vintage.children(lewisham(), Of::Sex(Sex::F)), Some(32_000));
    assert_eq!(vintage.children(lewisham(), Of::Ethnicity(EthnicGroup::Black)), Some(25_000));
    assert_eq!(vintage.children(lewisham(), Of::Sex(Sex::M)), None, "what is not said is not nought");
    assert_eq!(vintage.children(AuthorityCode::NONE, Of::Everybody), None);
}

#[test]
fn sex_and_ethnicity_may_be_left_out() {
    let text = "authority,vintage,estimated_on,age_from,age_to,people\nE09000023,m,2024-06-30,0,17,9\n";
    assert_eq!(read(text).unwrap().children(lewisham(), Of::Everybody), Some(9));
}

#[test]
fn what_is_wrong_is_said_by_line() {
    for (rows, line, says) in [
        ("", 0, "no row"),
        ("Lewisham,m,2024-06-30,0,17,,,1\n", 2, "authority is a GSS code"),
        ("E09000023,m,2024-06-30,0,18,,,1\n", 2, "from 0 to 17"),
        ("E09000023,m,2024-06-30,0,17,X,,1\n", 2, "sex is F, M"),
        ("E09000023,m,2024-06-30,0,17,,green,1\n", 2, "ethnicity is"),
        ("E09000023,m,2024-06-30,0,17,F,black,1\n", 2, "not by both"),
        ("E09000023,m,2024-06-30,0,17,,,-1\n", 2, "whole number"),
        ("E09000023,m 1,2024-06-30,0,17,,,1\n", 2, "vintage is a name"),
        ("E09000023,m,June,0,17,,,1\n", 2, "estimated_on"),
        ("E09000023,m,2024-06-30,0,4,,,1\nE09000023,m,2024-06-30,6,17,,,1\n", 3, "before 6 are missing"),
        ("E09000023,m,2024-06-30,0,4,,,1\nE09000023,m,2024-06-30,4,17,,,1\n", 3, "stand twice"),
        ("E09000023,m,2024-06-30,0,16,,,1\n", 2, "over 16 are missing"),
        ("E09000023,m,2024-06-30,0,17,,,1\nE09000008,n,2024-06-30,0,17,,,1\n", 3, "names another"),
    ] {
        let wrong = read(&file(rows)).unwrap_err();
        assert!(wrong.iter().any(|wrong| wrong.line == line && wrong.says.contains(says)), "{rows}: {wrong:?}");
    }
    assert!(read("authority,population\n").unwrap_err()[0].says.contains("no column population"));
}

#[test]
fn the_vintage_of_a_day_is_the_last_that_is_not_of_a_later_one_and_says_what_is_asked() {
    let of =
        |name: &str, day: &str, whom: &str| read(&file(&format!("E09000023,{name},{day},0,17,{whom},10\n"))).unwrap();
    let all = [
        of("census", "2021-03-21", ",black"),
        of("mid-2023", "2023-06-30", ","),
        of("mid-2024", "2024-06-30", ","),
        of("mid-2025", "2025-06-30", ","),
    ];
    let name = |on, whom| in_use(&all, on, whom).map(|vintage| vintage.name.as_str());
    assert_eq!(name(date(2025, 3, 31), Of::Everybody), Some("mid-2024"));
    assert_eq!(name(date(2025, 3, 31), Of::Ethnicity(EthnicGroup::Black)), Some("census"));
    assert_eq!(name(date(2020, 3, 31), Of::Everybody), None);
    assert_eq!(name(date(2025, 3, 31), Of::Sex(Sex::F)), None);
}
