//! Every page of figures, for everybody: the right status, and made as a page must be — also before there is any release.

use hub_testkit::{Markup, TestHub};

use crate::stage::{HOME, region};

/// The first page that a commissioner looks at is no heavier (issue 5, figures).
const FIRST_PAGE: usize = 100 * 1024;

/// Anybody, a host's duty desk, a borough's analyst, the commissioner, the quality lead, the broker, the operator.
const PERSONAS: [&str; 7] = ["", "kent-duty", "lewisham-analyst", "commissioner", "quality-lead", "broker", "operator"];

/// A page, and the status that each of them gets, once there is a release. Who is not signed in is led to sign in.
const PAGES: [(&str, [u16; 7]); 16] = [
    ("/region", [200; 7]),
    ("/region?measure=children", [200; 7]),
    ("/region?measure=nothing", [400; 7]),
    ("/gaps", [200; 7]),
    ("/gaps?area=SEL&provision=childrens_home&age=13-15", [200; 7]),
    ("/gaps?need=each", [200; 7]),
    ("/gaps?age=canary", [400; 7]),
    ("/flows", [200; 7]),
    ("/flows?of=E09000023&measure=starts", [200; 7]),
    ("/indicators", [200; 7]),
    ("/indicators/notice_timeliness", [200; 7]),
    ("/indicators/children_in_care?age_band=each&area=all", [200; 7]),
    ("/indicators/no_such_table", [404; 7]),
    ("/providers", [303, 403, 200, 200, 200, 200, 200]),
    ("/vacancies?age=14&sex=M&siblings=1&near=E09000023", [303, 403, 403, 403, 403, 200, 403]),
    ("/vacancies?age=canary", [303, 403, 403, 403, 403, 400, 403]),
];

/// A page of one provider is not there before anybody has told of it.
const PROVIDER: [u16; 7] = [303, 403, 200, 200, 200, 200, 200];

async fn look(hub: &TestHub, is_published: bool) {
    let provider = format!("/providers/{HOME}");
    let gone = PROVIDER.map(|status| if status == 200 && !is_published { 404 } else { status });
    let pages = PAGES.iter().map(|(page, each)| (*page, *each)).chain([(provider.as_str(), gone)]);
    let pages: Vec<(&str, [u16; 7])> = pages.collect();
    for (at, persona) in PERSONAS.iter().enumerate() {
        let mut visitor = if persona.is_empty() { hub.visitor() } else { hub.visit(persona).await };
        for (page, each) in &pages {
            let answer = visitor.get(page).await;
            let text = answer.text();
            assert_eq!(answer.status, each[at], "{page} as {persona:?}: {text}");
            assert!(!text.contains("canary"), "{page} as {persona:?} says what it was sent");
            if answer.status == 303 {
                continue;
            }
            let markup = Markup::read(&text);
            assert_eq!(markup.faults(), Vec::<String>::new(), "{page} as {persona:?}: {text}");
            if answer.status == 200 && !is_published && !page.starts_with("/vacancies") {
                assert!(text.contains("There is no release yet"), "{page} as {persona:?}: {text}");
            }
            if page.starts_with("/region") {
                assert!(text.len() <= FIRST_PAGE, "{page} is {} bytes", text.len());
            }
        }
    }
}

hub_testkit::on_both! {
    async fn every_page_answers_everybody_as_it_should_before_and_after_the_first_release(hub: TestHub) {
        look(&hub, false).await;
        region(&hub).await;
        hub_pipeline::publish::publish_to(hub.hub(), hub_pipeline::publish::Audience::Public, "a test").await.expect("published");
        look(&hub, true).await;
    }
}
