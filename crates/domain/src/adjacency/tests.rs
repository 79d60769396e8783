use jiff::civil::date;

use super::*;

fn code(slug: &str) -> AuthorityCode {
    authority::by_slug(slug).unwrap().code
}

fn today() -> Date {
    date(2026, 6, 1)
}

fn class(placing: &str, host: &str) -> PlacementClass {
    classify(code(placing), code(host), today())
}

const NEAR: PlacementClass = PlacementClass::Adjoining { flagged: false };

#[test]
fn all_fifteen_pairs_across_the_thames_adjoin() {
    let pairs = [
        ("greenwich", "tower-hamlets"),
        ("greenwich", "newham"),
        ("greenwich", "barking-and-dagenham"),
        ("bexley", "barking-and-dagenham"),
        ("bexley", "havering"),
        ("bexley", "thurrock"),
        ("lewisham", "tower-hamlets"),
        ("southwark", "tower-hamlets"),
        ("southwark", "city-of-london"),
        ("lambeth", "city-of-london"),
        ("lambeth", "westminster"),
        ("wandsworth", "westminster"),
        ("wandsworth", "kensington-and-chelsea"),
        ("wandsworth", "hammersmith-and-fulham"),
        ("richmond-upon-thames", "hammersmith-and-fulham"),
    ];
    for (south, north) in pairs {
        for (a, b) in [(south, north), (north, south)] {
            let found = between(code(a), code(b), today());
            assert!(matches!(found, Adjacency::Adjoining { border: Border::ThamesMidline, .. }), "{a} {b} {found:?}");
        }
    }
    assert_eq!(load::pairs().iter().filter(|pair| pair.border == Border::ThamesMidline).count(), pairs.len());
}

#[test]
fn a_hundred_metres_decide() {
    assert_eq!(class("bromley", "lambeth"), NEAR);
    assert_eq!(class("croydon", "southwark"), PlacementClass::AtADistance);
    assert_eq!(class("southwark", "croydon"), PlacementClass::AtADistance);
}

#[test]
fn city_and_lambeth_adjoin_and_are_flagged_and_no_other_pair_is() {
    assert_eq!(class("lambeth", "city-of-london"), PlacementClass::Adjoining { flagged: true });
    assert_eq!(load::pairs().iter().filter(|pair| pair.confidence == Confidence::Low).count(), 1);
}

#[test]
fn surreys_neighbours_pass_to_its_successors() {
    let (last, first) = (date(2027, 3, 31), date(2027, 4, 1));
    let (croydon, richmond) = (code("croydon"), code("richmond-upon-thames"));
    let (surrey, east, west) = (code("surrey"), code("east-surrey"), code("west-surrey"));
    assert_eq!(classify(croydon, surrey, last), NEAR);
    assert_eq!(classify(croydon, east, first), NEAR);
    assert_eq!(classify(croydon, west, first), PlacementClass::AtADistance);
    assert_eq!([east, west].map(|host| classify(richmond, host, first)), [NEAR, NEAR]);
    // Not in being on the day: no answer, rather than "at a distance".
    assert_eq!(classify(croydon, surrey, first), PlacementClass::Unknown);
    assert_eq!(classify(croydon, east, last), PlacementClass::Unknown);
    assert_eq!(neighbours(surrey, last).len(), 7);
    assert_eq!(neighbours(surrey, first), []);
    assert_eq!(neighbours(east, first).len() + neighbours(west, first).len(), 8);
}

#[test]
fn what_certainly_does_not_adjoin_is_at_a_distance_and_nothing_is_guessed() {
    let manchester = code("manchester");
    for london in authority::all().iter().filter(|one| one.is_london()) {
        assert_eq!(classify(london.code, code("birmingham"), today()), PlacementClass::AtADistance);
        assert_eq!(classify(manchester, london.code, today()), PlacementClass::AtADistance);
    }
    // Regions that do not meet; and regions that do, of which no border is listed.
    assert_eq!(class("kent", "manchester"), PlacementClass::AtADistance);
    assert_eq!(class("kent", "essex"), PlacementClass::Unknown);
    assert_eq!(class("birmingham", "solihull"), PlacementClass::Unknown);
    assert_eq!(class("sheffield", "derbyshire"), PlacementClass::Unknown);
    assert_eq!(classify(manchester, manchester, today()), PlacementClass::InArea);
    // Beyond the registry: Cardiff is nowhere near London, a new code of England may be next door.
    let [cardiff, new] = ["W06000015", "E06000099"].map(|text| text.parse::<AuthorityCode>().unwrap());
    assert_eq!(classify(code("lewisham"), cardiff, today()), PlacementClass::AtADistance);
    assert_eq!(classify(code("bristol"), cardiff, today()), PlacementClass::Unknown);
    assert_eq!(classify(code("bromley"), new, today()), PlacementClass::Unknown);
    // An authority that is no more on the day, or not yet, is not at any distance.
    assert_eq!(class("lewisham", "cumbria"), PlacementClass::Unknown);
}

#[test]
fn neighbours_lie_in_regions_that_meet() {
    let region = |code| authority::find(code).unwrap().region;
    for pair in load::pairs() {
        let (a, b, _) = pair.key();
        assert!(region(a).meets(region(b)), "{a} {b}");
    }
}

#[test]
fn pairs_are_sorted_known_and_never_overlap() {
    let pairs = load::pairs();
    assert!(pairs.is_sorted_by(|one, next| one.key() < next.key()));
    for pair in pairs {
        let (a, b, _) = pair.key();
        assert!(a < b && authority::find(a).is_some() && authority::find(b).is_some());
    }
    let london = |code| authority::find(code).is_some_and(authority::Authority::is_london);
    let on = today();
    for one in authority::all().iter().filter(|one| one.is_london()) {
        assert!(neighbours(one.code, on).iter().filter(|other| london(**other)).count() >= 3, "{}", one.name);
    }
}

#[test]
fn a_class_reads_back() {
    for class in [PlacementClass::InArea, NEAR, PlacementClass::AtADistance, PlacementClass::Unknown] {
        let text = serde_json::to_string(&class).unwrap();
        assert!(text.contains(class.as_str()), "{text}");
        assert_eq!(serde_json::from_str::<PlacementClass>(&text).unwrap(), class);
    }
}
