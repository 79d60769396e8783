//! D4: what is believed follows the business date and the sequence, never the order of arrival.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use hub_domain::AuthorityCode;
use hub_pipeline::identity::Role;
use hub_testkit::{Chance, Child, Feed, Persona, TestHub, child_ref, rows, trials};

/// What is believed of one authority: key → body.
type Believed = BTreeMap<String, String>;

/// Six nights of one borough, as it would send them in order: whole extracts, windows, changes with deletions. Fewer than
/// five children, so that the shrink guard has nothing to say.
fn nights(authority: AuthorityCode) -> Vec<Feed> {
    let child = |name: &str, legal| Child { child: child_ref(name), legal, ..Child::placed(name, "E09000023") };
    let (a, b, c, d) = (child("a", "C2"), child("b", "C2"), child("c", "C2"), child("d", "C2"));
    let (a2, b2, c3) = (child("a", "E1"), child("b", "V2"), child("c", "C1"));
    let full = |key: &str, children: &[Child]| Feed::placements(authority, key, children);
    let changes = |key: &str, said: &[Child], deleted: &[Child]| Feed::changes(authority, key, said, deleted);
    let window = |key: &str, children: &[Child]| Feed {
        mode: "window",
        covers_from: Some("2026-03-01".to_owned()),
        ..Feed::placements(authority, key, children)
    };
    let feeds = [
        full("1", &[a.clone(), b.clone(), c.clone()]),
        changes("2", &[a2.clone(), d.clone()], &[b.clone()]),
        changes("3", &[c3], &[]),
        window("4", &[a2.clone(), b2.clone(), c]),
        changes("5", &[d.clone()], &[a.clone()]),
        changes("6", &[a], &[b2]),
    ];
    let dated =
        |(night, feed): (usize, Feed)| Feed { as_at: format!("2026-03-{:02}", 10 + night), correction: true, ..feed };
    feeds.into_iter().enumerate().map(dated).collect()
}

/// Sends feeds in this order, each once decided before the next, some of them twice; what is believed in the end.
async fn send(
    hub: &TestHub,
    caller: &Persona,
    authority: AuthorityCode,
    order: &[usize],
    again: Option<usize>,
) -> Believed {
    let all = nights(authority);
    for &night in order {
        let decided = caller.deliver(&all[night]).await;
        let verdict = decided["verdict"].as_str().unwrap_or_default();
        assert!(["accepted", "accepted_with_findings", "superseded"].contains(&verdict), "{decided}");
    }
    if let Some(night) = again {
        assert_eq!(caller.submit(&all[night]).await.status, 200, "a repeat is a replay");
    }
    believed(hub, authority).await
}

async fn believed(hub: &TestHub, authority: AuthorityCode) -> Believed {
    let sql = format!("SELECT key, body FROM record WHERE authority = '{authority}' AND known_to IS NULL");
    rows(hub.db().url(), &sql).await.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

/// An authority of ours that has sent nothing yet; `X00000001` is the region itself.
fn fresh(nth: usize) -> AuthorityCode {
    format!("X{:08}", nth + 2).parse().expect("a code")
}

/// Whose beliefs differ from those of the borough that sent in order.
fn strays(in_order: &Believed, others: &[(Vec<usize>, Believed)]) -> Vec<String> {
    let differing = others.iter().filter(|(_, believed)| believed != in_order);
    differing.map(|(order, believed)| format!("{order:?} left {believed:?}")).collect()
}

hub_testkit::on_both! {
    /// 60 permutations each; `HUB_PERMUTATIONS=10000` by hand. The rule itself is held against a model in `hub-pipeline`.
    async fn every_order_of_arrival_leaves_the_same_beliefs(hub: TestHub) {
        let many = trials("HUB_PERMUTATIONS", 60);
        let codes: Vec<AuthorityCode> = (0..=many).map(fresh).collect();
        let mut chance = Chance::of("order");
        let mut orders = Vec::new();
        for _ in 0..many {
            let mut order: Vec<usize> = (0..6).collect();
            chance.shuffle(&mut order);
            orders.push((order, Some(chance.below(6)).filter(|night| night % 2 == 0)));
        }
        let mut caller = hub.as_client("everyone", &[Role::Borough], &codes[..1]).await;
        let in_order = send(&hub, &caller, codes[0], &[0, 1, 2, 3, 4, 5], None).await;
        assert_eq!(in_order.len(), 3, "the last word: a, c and d: {in_order:?}");
        let mut all = Vec::new();
        for (orders, codes) in orders.chunks(20).zip(codes[1..].chunks(20)) {
            caller = hub.as_client("everyone", &[Role::Borough], codes).await;
            let sends = orders.iter().zip(codes).map(|((order, again), code)| send(&hub, &caller, *code, order, *again));
            all.extend(orders.iter().map(|(order, _)| order.clone()).zip(join_all(sends).await));
        }
        assert_eq!(all.len(), many);
        let found = strays(&in_order, &all);
        assert!(found.is_empty(), "{} of {many}:\n{}", found.len(), found.join("\n"));
        // The planted fault: a believed row that is not what the order says.
        let planted = format!("UPDATE record SET body = '[]' WHERE authority = '{}' AND known_to IS NULL", codes[1]);
        rows(hub.db().url(), &planted).await;
        all[0].1 = believed(&hub, codes[1]).await;
        assert_eq!(strays(&in_order, &all).len(), 1);
    }
}
