//! The Placements North West census, by the mapping of `examples/mappings`: what commissioning adds to the return.

#![cfg(test)]

use hub_agent::{Input, Mapping, Options, PseudonymKey, prepare};
use hub_domain::{Dataset, Mode};

const MAPPING: &str = include_str!("../../../examples/mappings/pnw-census.toml");
const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,03/02/2012,WBRI,A123456789012,,\n";
const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
    A1,01/05/2025,S,V2,N1,K2,PR4,,,,SE13 6LT,SE6 4RU,SC012345\n";
const CENSUS: &str = "Looked after child?,Placing Authority,Identifier,Episode start,Age,Gender,How the placement was sourced,\
    Establishment,Type of provision,Total weekly cost,Contribution from Social Care,Contribution from Education,\
    Contribution from Health,Primary registration type,Placing at Distance Reason,Establishment URN,\
    Deprivation of Liberty Safeguards in place?,Does this CYP require a solo placement?\n\
    Looked after child (under 18),Made Up,A1,01/05/2025,14,Male (including trans male),Direct Award / Off Framework,Made Up House,\
    Residential - Mainstream,5210.00,4000.00,210.00,1000.00,Ofsted,Provision within distance does not exist,SC012345,\
    DoLS (previous),\"Yes, and is in a solo placement\"\n";

#[test]
fn the_census_adds_what_commissioning_knows() {
    let input = |name: &str, text: &str| Input { name: name.into(), bytes: text.into() };
    let options = Options {
        authority: "E09000023".parse().unwrap(),
        as_at: jiff::civil::date(2026, 3, 31),
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([3; 32]),
        postcodes: None,
        mappings: vec![Mapping::parse("pnw-census.toml", MAPPING).unwrap()],
    };
    let given = [input("census.csv", CENSUS), input("h.csv", HEADER), input("e.csv", EPISODES)];
    let preparation = prepare(&given, &options).unwrap();
    let feed = preparation.feed(Dataset::Placements).unwrap();
    let mut reader = csv::Reader::from_reader(feed.csv.as_slice());
    let headings = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    for (column, cell) in [
        ("route", "spot"),
        ("distance_reason", "no_provision"),
        ("registration", "registered"),
        ("provision", "childrens_home"),
        ("weekly_cost", "5210.00"),
        ("health_share", "1000.00"),
        ("education_share", "210.00"),
        ("deprivation_of_liberty", "false"),
        ("solo", "true"),
    ] {
        let at = headings.iter().position(|name| name == column).unwrap();
        assert_eq!(&row[at], cell, "{column}");
    }
    let sent = String::from_utf8_lossy(&feed.csv);
    assert!(!sent.contains("Made Up") && !sent.contains("Male"), "what the contract does not name stays");
}
