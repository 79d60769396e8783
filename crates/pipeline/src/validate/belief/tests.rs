use super::*;

fn beliefs() -> Beliefs {
    let mut beliefs = Beliefs::default();
    for (key, content) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        beliefs.add(key, [content; 16]);
    }
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

/// Whatever order keys were believed in and come in, each is found, and no other.
#[test]
fn keys_are_found_in_any_order() {
    let key = |n: u32| format!("c{n}/1");
    let fingerprint = |n: u32| [u8::try_from(n % 251).unwrap(); 16];
    let orders: [fn(u32) -> u32; 3] = [|n| n, |n| 4_999 - n, |n| n.wrapping_mul(7_919) % 5_000];
    for order in orders {
        let mut beliefs = Beliefs::default();
        for n in 0..5_000 {
            beliefs.add(&key(n), fingerprint(n));
        }
        for n in (0..5_000).map(order).filter(|n| n % 10 != 3) {
            let (content, effect) = if n % 100 == 0 { (n + 1, Effect::Amend) } else { (n, Effect::Unchanged) };
            assert_eq!(beliefs.meet(&key(n), fingerprint(content)), effect, "{n}");
            assert_eq!(beliefs.meet(&key(n + 5_000), fingerprint(n)), Effect::Open, "{n}");
        }
        assert_eq!(beliefs.unseen(), 500);
        let absent: Vec<u32> = (0..10_000).filter(|n| beliefs.is_absent(&key(*n))).collect();
        assert!(absent.into_iter().eq((0..5_000).filter(|n| n % 10 == 3)));
    }
}
