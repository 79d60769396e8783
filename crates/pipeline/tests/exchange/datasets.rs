//! The register that the region sends, the feeds that are due a few times a year, and estimates of population.

use hub_domain::{AuthorityCode, Dataset};
use hub_pipeline::feeds::{Arrival, feeds};
use hub_pipeline::population::{LoadRefusal, load};
use hub_pipeline::publish::publish;
use hub_pipeline::receive::ReceiveRefusal;
use hub_pipeline::vacancies::board;
use hub_sufficiency::{Filter, Why};

use crate::rig::{CROYDON, LEWISHAM, Parcel, Rig, at, episode, home, on};

const REGION: &str = "X00000001";
const REGISTER: &str =
    "urn,entry,aspect,effective_from,provider_type,la,registration_status,registered_places,scale,grade\n";

/// The register with one home of that standing, and good.
fn register(status: &str) -> Parcel {
    let text = format!(
        "{REGISTER}1234567,registration,,2020-01-01,childrens_home,{LEWISHAM},{status},9,,\n\
         1234567,judgement,overall,2025-02-03,,,,,four_point,good\n\
         SC012345,registration,,2020-01-01,fostering_agency,,registered,,,\n"
    );
    on("2026-07-20", &[]).of(Dataset::Regulator).from(REGION).csv(&text)
}

fn estimates(vintage: &str, people: u32) -> String {
    let head = "authority,vintage,estimated_on,age_from,age_to,people\n";
    let rows = [LEWISHAM, "E09000006", CROYDON, "E10000016"];
    rows.iter().fold(head.to_owned(), |text, code| text + &format!("{code},{vintage},2025-06-30,0,17,{people}\n"))
}

/// Rows of the CSV of a published table.
async fn rows(rig: &Rig, table: &str) -> Vec<String> {
    let published = publish(&rig.hub, "request").await.unwrap();
    let text = String::from_utf8(published.tables[table].csv.to_vec()).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

async fn arrival(rig: &Rig, authority: &str, dataset: Dataset) -> Option<Arrival> {
    let all = feeds(&rig.hub, Some(authority.parse().unwrap())).await.unwrap();
    all.into_iter().find(|feed| feed.dataset == dataset).map(|feed| feed.arrival)
}

hub_testdb::on_both! {
    async fn the_register_is_the_regions_and_nothing_else_is(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
        let wrong = register("registered").from(LEWISHAM);
        assert!(matches!(rig.receive(&wrong).await, Err(ReceiveRefusal::Sender { dataset: Dataset::Regulator })));
        let theirs = on("2026-07-20", &[episode("one", "2026-03-02")]).from(REGION);
        assert!(matches!(rig.receive(&theirs).await, Err(ReceiveRefusal::Sender { dataset: Dataset::Placements })));
        let counts = rig.apply(&register("registered")).await;
        assert_eq!(counts.opened, 3);
        assert_eq!(rig.believed_of(REGION, Dataset::Regulator).await.len(), 3);
        let members = hub_store::member::all(&mut *rig.link().await).await.unwrap();
        assert!(members.iter().all(|member| member.code != AuthorityCode::REGION), "it is no authority");
    }

    async fn a_seldom_feed_is_late_only_on_its_own_days(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
        rig.join(CROYDON, "Croydon", r#"{"feeds":["fostering","care_leavers"]}"#).await;
        assert_eq!(arrival(&rig, CROYDON, Dataset::Fostering).await, Some(Arrival::Never), "due on 10 July");
        assert_eq!(arrival(&rig, LEWISHAM, Dataset::Fostering).await, None, "who has not agreed to it is not late");
        rig.clock.set(at("2026-04-02T02:00:00Z"));
        assert_eq!(arrival(&rig, CROYDON, Dataset::Fostering).await, Some(Arrival::Expected), "first due on 10 April");
        assert_eq!(arrival(&rig, REGION, Dataset::Regulator).await, Some(Arrival::Expected));
        rig.clock.set(at("2026-07-21T02:00:00Z"));
        rig.apply(&register("registered")).await;
        assert_eq!(arrival(&rig, REGION, Dataset::Regulator).await, Some(Arrival::ArrivedLate));
        rig.clock.set(at("2026-08-10T07:59:59Z"));
        assert_eq!(arrival(&rig, REGION, Dataset::Regulator).await, Some(Arrival::ArrivedLate));
        rig.clock.set(at("2026-08-10T08:00:01Z"));
        assert_eq!(arrival(&rig, REGION, Dataset::Regulator).await, Some(Arrival::OnTime), "it described July");
        rig.clock.set(at("2026-09-10T08:00:01Z"));
        assert_eq!(arrival(&rig, REGION, Dataset::Regulator).await, Some(Arrival::Late));
        rig.clock.set(at("2026-09-15T08:00:01Z"));
        assert_eq!(arrival(&rig, REGION, Dataset::Regulator).await, Some(Arrival::Missing));
    }

    async fn a_home_that_the_register_does_not_have_registered_is_not_offered(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &[home("st-1")]).of(Dataset::Vacancies)).await;
        let shown = async |rig: &Rig| {
            let entries = board(&rig.hub).await.unwrap().board.search(None, &Filter::default());
            (entries[0].usable, entries[0].registration_checked, entries[0].reasons.clone())
        };
        assert_eq!(shown(&rig).await, (true, false, vec![]), "no register is loaded: usable and unchecked");
        rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
        rig.clock.advance(60);
        rig.apply(&register("registered")).await;
        assert_eq!(shown(&rig).await, (true, true, vec![]));
        rig.clock.advance(60);
        rig.apply(&register("cancelled")).await;
        assert_eq!(shown(&rig).await, (false, true, vec![Why::NotRegistered]));
    }

    async fn there_is_no_rate_without_a_vintage_and_it_names_the_one_it_used(db: TestDb) {
        let rig = Rig::over(db).await;
        let children: Vec<_> = (0..30).map(|n| episode(&format!("c{n}"), "2026-03-02")).collect();
        rig.apply(&on("2026-07-20", &children)).await;
        assert_eq!(rows(&rig, "children_in_care_rate").await, Vec::<String>::new());
        assert_eq!(rows(&rig, "children_by_grade").await, Vec::<String>::new(), "nor a grade without a register");
        assert!(load(&rig.hub, &estimates("mid-2025", 50_000), true).await.is_ok(), "rehearsed");
        assert_eq!(rows(&rig, "children_in_care_rate").await, Vec::<String>::new());
        load(&rig.hub, &estimates("mid-2025", 50_000), false).await.unwrap();
        assert!(load(&rig.hub, &estimates("mid-2025", 50_000), false).await.unwrap().known);
        let edited = load(&rig.hub, &estimates("mid-2025", 40_000), false).await;
        assert!(matches!(edited, Err(LoadRefusal::Edited(_))), "{edited:?}");
        let rates = rows(&rig, "children_in_care_rate").await;
        let lewisham = rates.iter().find(|row| row.starts_with(LEWISHAM)).unwrap();
        assert!(lewisham.contains("mid-2025") && lewisham.contains(",30,6,30,6,50000"), "{lewisham}");

        rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
        rig.apply(&register("registered")).await;
        let grades = rows(&rig, "children_by_grade").await;
        assert!(grades.iter().any(|row| row.contains("not_yet_inspected") && row.contains(",30")), "{grades:?}");
        let beds = rows(&rig, "beds_and_need").await;
        assert!(beds.iter().any(|row| row.starts_with(LEWISHAM) && row.contains("childrens_home")), "{beds:?}");
    }
}
