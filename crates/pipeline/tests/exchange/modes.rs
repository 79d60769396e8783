//! What `full`, `window` and `changes` leave alone.

use crate::rig::{Rig, Row, episode, on};

fn children(names: &[&str]) -> Vec<Row> {
    names.iter().map(|name| episode(name, "2026-01-05")).collect()
}

async fn names(rig: &Rig) -> Vec<String> {
    let name = |key: &String| {
        key.split('/').next().unwrap().trim_start_matches("made_up_child_").trim_start_matches('0').to_owned()
    };
    rig.believed().await.keys().map(name).collect()
}

hub_testdb::on_both! {
    async fn a_window_leaves_older_records_alone(db: TestDb) {
        let rig = Rig::over(db).await;
        let old = children(&["old"]).remove(0).ended("2026-02-01", "E4A");
        let recent = children(&["recent"]).remove(0).ended("2026-06-15", "E4A");
        rig.apply(&on("2026-07-18", &[old, recent.clone(), children(&["open"]).remove(0), children(&["gone"]).remove(0)])).await;
        // Ended on or after 1 June, or open: the window names them all, or they are withdrawn.
        let counts = rig.apply(&on("2026-07-19", &[recent, children(&["open"]).remove(0)]).window("2026-06-01")).await;
        assert_eq!((counts.closed, counts.unchanged), (1, 2));
        assert_eq!(names(&rig).await, ["old", "open", "recent"]);
    }

    async fn changes_add_amend_and_delete_and_leave_the_rest(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-18", &children(&["a", "b", "c"]))).await;
        let changes = [
            episode("a", "2026-01-05").with("category_of_need", "N3"),
            episode("b", "2026-01-05").deleted(),
            episode("d", "2026-01-05"),
            episode("never", "2026-01-05").deleted(),
        ];
        let counts = rig.apply(&on("2026-07-19", &changes).changes()).await;
        assert_eq!((counts.opened, counts.amended, counts.closed), (1, 1, 1));
        assert_eq!(names(&rig).await, ["a", "c", "d"]);
        assert_eq!(rig.count("record").await, 5, "what did not change is not written");
    }

    async fn a_late_submission_says_only_what_no_later_one_covers(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-15", &children(&["a", "b"]))).await;
        rig.apply(&on("2026-07-17", &[episode("a", "2026-01-05").with("category_of_need", "N3")]).changes()).await;
        rig.apply(&on("2026-07-18", &[episode("b", "2026-01-05").deleted()]).changes()).await;
        // Of the 16th: `a` was said since, `b` deleted since, `c` is news.
        let late = ["a", "b", "c"].map(|name| episode(name, "2026-01-05").with("category_of_need", "N4"));
        let counts = rig.apply(&on("2026-07-16", &late).changes().correction()).await;
        assert_eq!((counts.opened, counts.amended, counts.closed), (1, 0, 0));
        assert_eq!(names(&rig).await, ["a", "c"]);
        // A full feed of the 19th covers everything: nothing older changes anything any more.
        rig.apply(&on("2026-07-19", &children(&["x", "y"]))).await;
        let counts = rig.apply(&on("2026-07-18", &children(&["a", "b", "c"])).correction()).await;
        assert_eq!((counts.opened, counts.amended, counts.closed, counts.unchanged), (0, 0, 0, 3));
        assert_eq!(names(&rig).await, ["x", "y"]);
    }
}
