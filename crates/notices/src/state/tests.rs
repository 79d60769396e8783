use super::*;

/// What each event makes of each state, in the order of `NoticeState::ALL`: D(raft) h r d o a c q x(disputed) e w,
/// `.` = refused.
const TABLE: [(EventKind, &str); 23] = [
    (Raised, "rr.......rr"),
    (Registered, "rr.......rr"),
    (Held, "hh.......hh"),
    (Drafted, "D.rdoacqx.."),
    (Consulted, "rrrrrrrrx.r"),
    (Stated, "..rrrrrrxe."),
    (Corrected, ".hrrrrrrxe."),
    (EndingNotified, "..rrrrrrx.."),
    (Seen, "..rdoacqxe."),
    (Completed, ".....cc...."),
    (Delivered, "..ddoacqxew"),
    (Opened, "..oooacqxew"),
    (Acknowledged, "..aaaacaaew"),
    (Queried, "..qqqqqqxe."),
    (Disputed, "..xxxxxxxe."),
    (Changed, "..rrrrrqxe."),
    (Ended, "..eeeeeeee."),
    (Withdrawn, "wwwwwwwwww."),
    (Sealed, "Dhrdoacqxe."),
    (DetailsRead, "..oooacqxe."),
    (AddressOpened, "..oooacqxe."),
    (Rescheduled, "Dhrdoacqxe."),
    (Escalated, "Dhrdoacqxe."),
];

fn letter(state: Result<State, Refusal>) -> char {
    match state {
        Ok(State::Disputed) => 'x',
        Ok(State::Draft) => 'D',
        Ok(state) => state.as_str().chars().next().unwrap(),
        Err(_) => '.',
    }
}

#[test]
fn every_event_in_every_state() {
    assert_eq!(TABLE.map(|(event, _)| event).len(), EventKind::ALL.len());
    for (event, expected) in TABLE {
        let found: String = State::ALL.iter().map(|state| letter(apply(Some(*state), event.owner(), event))).collect();
        assert_eq!(found, expected, "{event}");
    }
}

#[test]
fn a_notice_begins_raised_registered_or_held() {
    for event in EventKind::ALL {
        let found = apply(None, event.owner(), *event);
        match event {
            Raised | Registered | Consulted => assert_eq!(found, Ok(State::Raised)),
            Drafted => assert_eq!(found, Ok(State::Draft)),
            Held => assert_eq!(found, Ok(State::Held)),
            Delivered | Opened | Acknowledged | Queried | Disputed | Changed | Ended | Withdrawn | Stated
            | Corrected | EndingNotified | Seen | Completed | Escalated | Rescheduled | Sealed | DetailsRead
            | AddressOpened => {
                assert_eq!(found, Err(Refusal::NoNotice { event: *event }));
            }
        }
    }
}

#[test]
fn nobody_does_what_is_not_theirs() {
    for event in EventKind::ALL {
        for party in Party::ALL.iter().filter(|party| **party != event.owner()) {
            for state in State::ALL {
                let refusal = apply(Some(*state), *party, *event).unwrap_err();
                assert_eq!(refusal, Refusal::NotTheirs { party: *party, event: *event });
                assert_eq!(refusal.code(), "notice-not-yours");
            }
        }
    }
}

#[test]
fn a_host_never_reaches_a_notice_that_is_held_or_a_draft() {
    for event in EventKind::ALL.iter().filter(|event| event.owner() == Party::Host) {
        assert!(apply(Some(State::Held), Party::Host, *event).is_err());
        assert!(apply(Some(State::Draft), Party::Host, *event).is_err());
    }
}
