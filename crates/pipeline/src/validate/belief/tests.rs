use super::*;

fn beliefs() -> Beliefs {
    let mut beliefs = Beliefs::default();
    for (key, content) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        beliefs.add(key, [content; 16]);
    }
    beliefs.settle();
    beliefs
}

#[test]
fn a_row_opens_amends_or_changes_nothing() {
    let mut beliefs = beliefs();
    assert_eq!(beliefs.meet("a", [1; 16]), Effect::Unchanged);
    assert_eq!(beliefs.meet("b", [9; 16]), Effect::Amend);
    assert_eq!(beliefs.meet("e", [1; 16]), Effect::Open);
    assert_eq!(beliefs.unseen(), 2);
}

#[test]
fn a_deletion_closes_what_is_believed_and_only_that() {
    let mut beliefs = beliefs();
    assert!(beliefs.strike("a"));
    assert!(!beliefs.strike("e"));
}

#[test]
fn what_no_row_names_is_absent_and_what_a_bad_row_names_is_not() {
    let mut beliefs = beliefs();
    beliefs.meet("a", [1; 16]);
    beliefs.shield(&["b".to_owned(), "never".to_owned()]);
    let absent: Vec<_> = ["a", "b", "c", "d", "e"].into_iter().filter(|key| beliefs.is_absent(key)).collect();
    assert_eq!(absent, ["c", "d"]);
}
