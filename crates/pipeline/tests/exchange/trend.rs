//! How good feeds were, submission by submission, and what the consortium sees of it.

use hub_domain::Dataset;
use hub_pipeline::trend::{self, Line, Point, SHARED};
use hub_store::event;

use crate::rig::{CROYDON, LEWISHAM, Rig, at, code, day, home, on};

async fn measured(rig: &Rig) -> Vec<Point> {
    trend::measure(&rig.hub).await.unwrap();
    trend::own(&rig.hub, code(LEWISHAM), at("2026-01-01T00:00:00Z")).await.unwrap()
}

/// Sends Lewisham's vacancies of a day.
async fn send(rig: &Rig, as_at: &str, names: &[&str]) {
    let rows: Vec<_> = names.iter().map(|name| home(name)).collect();
    rig.send(&on(as_at, &rows).of(Dataset::Vacancies)).await;
}

hub_testdb::on_both! {
    async fn each_submission_is_measured_once(db: TestDb) {
        let rig = Rig::over(db).await;
        send(&rig, "2026-07-20", &["h1", "h2", "h3", "h4", "h5", "h6"]).await;
        let first = measured(&rig).await.remove(0).measured;
        assert_eq!((first.rows, first.rejected, first.believed, first.opened, first.reopened), (6, 0, 6, 6, 0));
        assert_eq!((first.minutes_late, first.stale), (0, Some(0)));
        let filled = |name: &str| first.columns.iter().find(|column| column.name == name).unwrap().filled;
        assert_eq!((filled("urn"), filled("provider_name"), filled("faith")), (6, 6, 0));
        assert_eq!(measured(&rig).await.len(), 1, "once");

        // A day's export without h6, late, and then one with it again.
        rig.clock.set(at("2026-07-22T12:00:00Z"));
        send(&rig, "2026-07-21", &["h1", "h2", "h3", "h4", "h5"]).await;
        rig.clock.set(at("2026-07-29T12:00:00Z"));
        send(&rig, "2026-07-29", &["h1", "h2", "h3", "h4", "h5", "h6"]).await;
        let points = measured(&rig).await;
        let (second, third) = (&points[1].measured, &points[2].measured);
        assert!((240..900).contains(&second.minutes_late), "{} minutes after the morning of the 22nd", second.minutes_late);
        assert_eq!((second.closed, second.reopened), (1, 0));
        assert_eq!((third.opened, third.reopened), (1, 1), "it vanished and came again");
        assert_eq!(third.stale, Some(6), "nobody has looked since the 20th");
        assert_eq!(first.believed, 6, "what was measured does not change");
    }

    async fn what_is_rejected_is_measured_too(db: TestDb) {
        let rig = Rig::over(db).await;
        let bad = home("h1").with("sector", "nowhere");
        rig.send(&on("2026-07-20", &[bad]).of(Dataset::Vacancies)).await;
        let point = measured(&rig).await.remove(0).measured;
        assert_eq!((point.rows, point.rejected, point.believed, point.columns.len()), (1, 1, 0, 0));
        assert_eq!(point.findings.get("code"), Some(&1), "{:?}", point.findings);
    }

    async fn the_consortium_sees_those_who_agreed_and_nobody_else(db: TestDb) {
        let rig = Rig::over(db).await;
        send(&rig, "2026-07-20", &["h1"]).await;
        measured(&rig).await;
        let seen = async |only_agreed| trend::league(&rig.hub, 28, only_agreed).await.unwrap();
        assert_eq!(seen(true).await, []);
        assert!(!trend::share(&rig.hub, code(LEWISHAM), "its director", true).await.unwrap());
        assert!(trend::share(&rig.hub, code(LEWISHAM), "its director", true).await.unwrap(), "agreed already");
        let lines = seen(true).await;
        assert!(lines.iter().all(|line| line.authority == code(LEWISHAM)), "{lines:?}");
        let of = |dataset| lines.iter().find(|line: &&Line| line.dataset == dataset).unwrap();
        let (sent, silent) = (of(Dataset::Vacancies), of(Dataset::Placements));
        assert_eq!((sent.submissions, sent.on_time, sent.rows_left_out, sent.reopened), (1, Some(100), Some(0), Some(0)));
        assert_eq!((sent.stale, sent.last_as_at), (Some(0), Some(day("2026-07-20"))));
        assert_eq!((silent.submissions, silent.on_time), (0, None), "a feed that never came has its line");
        let told = event::latest(&mut *rig.link().await, code(LEWISHAM), SHARED, 10).await.unwrap();
        assert_eq!(told.len(), 1);
        trend::share(&rig.hub, code(LEWISHAM), "its director", false).await.unwrap();
        assert_eq!(seen(true).await, []);
        assert_eq!(seen(false).await.len(), 2, "the operator's scorecard has everybody");
        let others = trend::own(&rig.hub, code(CROYDON), at("2026-01-01T00:00:00Z")).await.unwrap();
        assert!(others.is_empty(), "nobody else's");
    }
}
