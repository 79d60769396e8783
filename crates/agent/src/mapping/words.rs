//! What boroughs call the contracts' columns.

/// A column, and headings seen or likely for it; its own name counts as one.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("child", &["child id", "child number", "case number", "person id", "client id", "lcs id", "mosaic id", "ssd id"]),
    ("start", &["start date", "placement start", "episode start", "decom", "date placed", "placement start date"]),
    ("sibling_group", &["sibling group", "family id", "sibling id", "family number"]),
    ("dob", &["date of birth", "birth date", "born"]),
    ("urn", &["ofsted urn", "ofsted number", "urn number", "registration number", "sc number"]),
    (
        "setting_ref",
        &["home id", "setting id", "carer id", "household id", "home reference", "placement id", "unit id"],
    ),
    ("household_ref", &["household id", "carer id", "foster carer id", "family reference", "enquiry id"]),
    ("provider_name", &["provider", "agency", "organisation", "owner", "company", "provider name"]),
    (
        "provision",
        &["type", "home type", "placement type", "type of home", "service type", "provision type", "service"],
    ),
    ("sector", &["ownership", "sector", "in house or external", "provider type"]),
    ("host_la", &["local authority", "authority", "borough", "la", "host authority", "located in"]),
    (
        "placement_la",
        &[
            "local authority of placement",
            "placement authority",
            "host authority",
            "placement la",
            "borough of placement",
        ],
    ),
    ("outcode", &["postcode", "post code", "postcode district", "area"]),
    (
        "approved_places",
        &["registered places", "beds", "capacity", "approved for", "number of places", "total beds", "places"],
    ),
    ("occupied_places", &["occupied", "filled", "in use", "current occupancy", "beds occupied", "children placed"]),
    ("available_places", &["vacancies", "available", "beds available", "free", "vacant", "spaces"]),
    ("held_places", &["held", "reserved", "on hold", "beds held"]),
    ("closed_places", &["closed", "unavailable", "blocked", "out of use", "beds closed"]),
    ("closed_reason", &["reason closed", "reason unavailable", "blocked reason", "reason for closure"]),
    ("available_from", &["available date", "free from", "date available", "vacancy date", "from date"]),
    ("age_min", &["min age", "minimum age", "age from", "youngest"]),
    ("age_max", &["max age", "maximum age", "age to", "oldest"]),
    ("sex_accepted", &["gender", "sex", "gender accepted", "boys or girls"]),
    ("sibling_places", &["siblings", "sibling group size", "max siblings"]),
    ("needs", &["specialisms", "needs met", "can meet", "specialism", "needs"]),
    ("languages", &["language", "languages spoken"]),
    ("faith", &["religion", "faith"]),
    ("ethnicity_match", &["ethnicity", "carer ethnicity"]),
    ("weekly_fee", &["weekly cost", "fee", "price per week", "cost per week", "weekly price", "weekly rate"]),
    (
        "weekly_cost",
        &[
            "cost",
            "fee",
            "price per week",
            "cost per week",
            "weekly price",
            "weekly rate",
            "weekly fee",
            "total weekly cost",
        ],
    ),
    ("health_share", &["health contribution", "icb contribution", "ccg contribution", "health funding"]),
    ("education_share", &["education contribution", "send contribution", "education funding"]),
    ("route", &["procurement route", "how sourced", "sourced by", "commissioning route", "contract type"]),
    ("framework_ref", &["framework", "contract reference", "dps reference", "contract number"]),
    ("distance_reason", &["reason for distance", "reason out of area", "reason 20 miles", "out of borough reason"]),
    ("distance_miles", &["distance", "miles from home", "miles"]),
    ("approver_role", &["approved by", "approver", "authorised by", "signed off by"]),
    ("approved_on", &["approval date", "date approved", "authorised on"]),
    ("registration", &["ofsted registered", "registration status", "registered"]),
    ("deprivation_of_liberty", &["dol", "dols", "deprivation of liberty", "dolo"]),
    ("solo", &["solo placement", "single occupancy"]),
    ("planned", &["planned placement", "planned move"]),
    ("emergency", &["emergency placement", "same day", "unplanned"]),
    ("confirmed_at", &["last updated", "confirmed", "date checked", "last confirmed", "updated on", "last checked"]),
    ("search_ref", &["search id", "referral id", "referral number", "request id", "referral reference"]),
    ("opened_on", &["referral date", "date of referral", "date opened", "request date", "date received"]),
    ("needed_by", &["required by", "date required", "placement needed by", "start date required"]),
    ("closed_on", &["date closed", "closed date", "end date", "date resolved"]),
    ("outcome", &["result", "search outcome", "status"]),
    (
        "provision_sought",
        &["placement type requested", "type required", "type sought", "placement sought", "type of placement"],
    ),
    ("age", &["child age", "age of child", "age at referral"]),
    ("sex", &["gender", "child gender"]),
    ("ethnicity", &["ethnic origin", "ethnic group"]),
    ("needs_essential", &["essential needs", "needs", "must have"]),
    ("needs_desirable", &["desirable needs", "nice to have", "preferences"]),
    ("area_preferred", &["preferred area", "preferred borough", "location preferred"]),
    ("max_miles", &["maximum distance", "max distance", "within miles"]),
    ("offers_received", &["offers", "number of offers", "responses"]),
    ("offers_suitable", &["suitable offers", "offers considered"]),
    ("ideal_provision", &["ideal placement", "preferred type"]),
    ("approval_type", &["type of carer", "carer type", "approved as"]),
    ("inside_borough", &["in borough", "lives in borough", "inside the borough"]),
    ("carer_age_band", &["age band", "age of carer", "carer age"]),
    ("enquiry_on", &["enquiry date", "date of enquiry", "initial enquiry"]),
    ("visit_on", &["visit date", "initial visit", "home visit", "date of visit"]),
    ("application_on", &["application date", "application received", "date applied"]),
    ("stage_1_on", &["stage 1", "stage one", "stage 1 start"]),
    ("stage_2_on", &["stage 2", "stage two", "stage 2 start"]),
    ("panel_on", &["panel date", "fostering panel", "date of panel"]),
    ("approved_places", &["approved for", "number of children approved"]),
    ("ended_on", &["withdrawn date", "date withdrawn", "date ended"]),
    ("deregistered_on", &["resigned", "resignation date", "date deregistered", "termination date"]),
];

/// Words that say nothing of what a column holds.
const EMPTY: &[&str] = &["of", "the", "a", "in", "at", "is", "no", "and", "or", "for", "on", "s"];

/// How well a heading names a column: 0 to 1.
pub(super) fn likeness(heading: &str, column: &str) -> f64 {
    let words = split(heading);
    if words.is_empty() {
        return 0.0;
    }
    let own = std::iter::once(column);
    let others = SYNONYMS.iter().filter(|(name, _)| *name == column).flat_map(|(_, all)| all.iter().copied());
    own.chain(others).map(|phrase| overlap(&words, &split(phrase))).fold(0.0, f64::max)
}

/// Shared words over all words.
fn overlap(a: &[String], b: &[String]) -> f64 {
    let shared = a.iter().filter(|word| b.contains(word)).count();
    let all = a.len() + b.len() - shared;
    let count = |number: usize| u32::try_from(number).map_or(0.0, f64::from);
    if all == 0 { 0.0 } else { count(shared) / count(all) }
}

/// Words in small letters, singular, without those that say nothing: `Beds (available)` is `bed`, `available`.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut was_small = false;
    for letter in text.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_small) {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.push(word);
    words.retain(|word| !word.is_empty() && !EMPTY.contains(&word.as_str()));
    for word in &mut words {
        if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
            word.pop();
        }
    }
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_likened_by_their_words() {
        assert_eq!(split("Beds (available)"), ["bed", "available"]);
        assert_eq!(split("HomeType"), ["home", "type"]);
        assert!((likeness("Type of Home", "provision") - 1.0).abs() < 1e-9);
        assert!(likeness("Beds available", "available_places") > likeness("Beds available", "approved_places"));
        assert!(likeness("Telephone", "urn") < 0.1);
    }
}
