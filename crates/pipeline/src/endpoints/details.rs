//! What an endpoint's owner says of it.

use hub_store::endpoint::Details;

use super::EndpointRefusal;

/// What an endpoint may ask for: one kind of event, or all about notices.
pub const EVENTS: [&str; 12] = [
    "notice.*",
    "notice.raised",
    "notice.registered",
    "notice.consulted",
    "notice.stated",
    "notice.corrected",
    "notice.ending_notified",
    "notice.changed",
    "notice.sealed",
    "notice.rescheduled",
    "notice.ended",
    "notice.withdrawn",
];

/// Longest description, characters.
const LONGEST: usize = 200;

/// What an owner says, tidied: events once each, in the order of [`EVENTS`].
///
/// # Errors
/// [`EndpointRefusal::Description`] and [`EndpointRefusal::Events`].
pub fn details(description: Option<&str>, events: &[String]) -> Result<Details, EndpointRefusal> {
    let said = Details { description: description.unwrap_or_default().trim().to_owned(), events: events.to_vec() };
    check(&said)?;
    let events = EVENTS.iter().filter(|event| events.iter().any(|said| said == *event)).map(|&event| event.to_owned());
    Ok(Details { events: events.collect(), ..said })
}

pub(super) fn check(said: &Details) -> Result<(), EndpointRefusal> {
    if said.description.chars().count() > LONGEST || said.description.chars().any(char::is_control) {
        return Err(EndpointRefusal::Description);
    }
    if !said.events.iter().all(|event| EVENTS.contains(&event.as_str())) {
        return Err(EndpointRefusal::Events);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_hub_sends_may_be_asked_for() {
        let asked = |events: &[&str]| details(None, &events.iter().map(|&event| event.to_owned()).collect::<Vec<_>>());
        assert_eq!(
            asked(&["notice.ended", "notice.raised", "notice.ended"]).unwrap().events,
            ["notice.raised", "notice.ended"]
        );
        for wrong in ["notice.opened", "feed.late", "*", "notice", "", "notice.raised notice.ended"] {
            assert!(matches!(asked(&[wrong]), Err(EndpointRefusal::Events)), "{wrong}");
        }
    }

    #[test]
    fn a_description_prints_and_is_short() {
        assert_eq!(details(Some("  Duty desk "), &[]).unwrap().description, "Duty desk");
        for wrong in ["x".repeat(201), "a\u{0}b".to_owned(), "a\nb".to_owned()] {
            assert!(matches!(details(Some(&wrong), &[]), Err(EndpointRefusal::Description)), "{wrong:?}");
        }
    }
}
