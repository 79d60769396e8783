use askama::Template;
use hub_domain::AuthorityCode;
use hub_notices::outstanding;
use hub_pipeline::notices::{self, Known};
use hub_store::notice::Filter;
use uuid::Uuid;

use crate::desk::{clock_cell, clock_table, history_table, pressing, short, state_cell};
use crate::layout::{Cell, Head, Page, Paging, Table, date, name_of, when};
use crate::refused::{Answer, Refused};

#[derive(Template)]
#[template(path = "borough/notices.html")]
struct Given {
    authority: String,
    code: String,
    to_give: Table,
    all: Table,
    open: bool,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "borough/notice.html")]
struct OneNotice {
    id: Uuid,
    code: String,
    host: String,
    facts: Vec<(&'static str, String)>,
    clocks: Table,
    outstanding: Table,
    history: Table,
    attempts: Table,
    is_to_give: bool,
}

/// Notices looked through for what is still to be given.
const LOOKED_THROUGH: i64 = 200;

/// `GET /borough/notices`: what is still to be given notice of, and every notice that was given.
pub(crate) async fn notices(page: Page) -> Answer {
    let own = page.tenant()?.authority();
    let paging = Paging::read(&page)?;
    let open = page.query().get("open").is_some();
    let filter = Filter { state: None, open, before: paging.after, limit: paging.limit };
    let found = notices::sent(page.hub(), own, &filter).await?;
    let now = Filter { state: None, open: true, before: None, limit: LOOKED_THROUGH };
    let mut wanting = notices::sent(page.hub(), own, &now).await?;
    wanting.retain(is_to_give);
    let last = found.last().map(|known| (known.raised_at, known.notice.id));
    let shown = Given {
        authority: name_of(own),
        code: own.to_string(),
        to_give: table(&page, "Notice still to be given, most pressing first", &sorted(&page, wanting)),
        next: paging.next(found.len(), last),
        all: table(&page, "Every notice, newest first", &found),
        open,
    };
    page.show("Notices to give", &shown)
}

/// Nobody has given notice of it yet: a feed or a home has shown it, or it was begun and not given.
fn is_to_give(known: &Known) -> bool {
    use hub_notices::Standing;
    matches!(known.notice.standing(), Standing::PresumedMissing | Standing::ProviderOnly | Standing::Draft)
}

fn sorted(page: &Page, mut all: Vec<Known>) -> Vec<Known> {
    all.sort_by_cached_key(|known| pressing(&known.clocks(page.hub())).map_or(i32::MAX, |clock| clock.working_days));
    all
}

fn table(page: &Page, caption: &str, all: &[Known]) -> Table {
    let heads = [
        Head::text("Child"),
        Head::text("Living in"),
        Head::text("From"),
        Head::text("State"),
        Head::text("Most pressing clock"),
        Head::text("Who has given notice"),
        Head::text("Needs and care plan"),
    ];
    let row = |known: &Known| {
        let notice = &known.notice;
        let clocks = known.clocks(page.hub());
        vec![
            Cell::link(format!("/borough/notices/{}", notice.id), short(&notice.child_ref)),
            Cell::text(name_of(notice.host)),
            Cell::text(date(notice.there_from())),
            state_cell(notice.state),
            clock_cell(pressing(&clocks)),
            Cell::text(notice.standing().label()),
            Cell::text(notice.details().label()),
        ]
    };
    Table::new(caption, heads).with(all.iter().map(row)).or_else("There is none.")
}

/// `GET /borough/notices/{id}`: one notice as the authority that placed the child sees it.
pub(crate) async fn notice(page: Page) -> Answer {
    let id: Uuid = page.parameter("id")?;
    let (own, known) = find(&page, id).await?;
    let notice = &known.notice;
    let shown = OneNotice {
        id,
        code: own.to_string(),
        host: name_of(notice.host),
        facts: facts(&known),
        clocks: clock_table(&known.clocks(page.hub())),
        outstanding: wanting(&known),
        history: history_table(&known),
        attempts: attempts(&page, own, id).await?,
        is_to_give: is_to_give(&known),
    };
    page.show("Notice of a child living elsewhere", &shown)
}

async fn find(page: &Page, id: Uuid) -> Result<(AuthorityCode, Known), Refused> {
    for tenant in page.principal()?.tenants() {
        let own = tenant.authority();
        let found = notices::find(page.hub(), own, id).await?;
        if let Some(known) = found.filter(|known| known.notice.placing == own) {
            return Ok((own, known));
        }
    }
    Err(Refused::NotFound)
}

fn facts(known: &Known) -> Vec<(&'static str, String)> {
    let notice = &known.notice;
    let flags: Vec<_> = notice.flags.iter().map(|flag| flag.label()).collect();
    let all = [
        ("Living in", Some(name_of(notice.host))),
        ("Child's reference", Some(notice.child_ref.clone())),
        ("From", Some(date(notice.there_from()))),
        ("Left on", notice.ending.as_ref().map(|ending| date(ending.on))),
        ("State", Some(notice.state.label().to_owned())),
        ("Who has given notice", Some(notice.standing().label().to_owned())),
        ("Distance", Some(notice.terms.class.label().to_owned())),
        ("Held because", notice.held_because.map(|reason| reason.label().to_owned())),
        ("Wants a look", Some(flags.join("; ")).filter(|flags| !flags.is_empty())),
        ("First known to the hub", Some(when(known.raised_at))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn wanting(known: &Known) -> Table {
    let heads = [Head::text("What"), Head::text("What wants it"), Head::text("How to send it")];
    let rows = outstanding(&known.notice).into_iter().map(|one| {
        let way = if one.sealed { "sealed to the host's key" } else { "in a statement" };
        vec![Cell::text(one.field.replace(['_', '.'], " ")), Cell::text(one.rule), Cell::text(way)]
    });
    Table::new("Still to come from you", heads).with(rows).or_else("Nothing is outstanding.")
}

/// What was tried to tell the host.
async fn attempts(page: &Page, own: AuthorityCode, id: Uuid) -> Result<Table, Refused> {
    let tried = notices::attempts(page.hub(), own, id).await?.unwrap_or_default();
    let heads = [Head::text("What"), Head::text("When"), Head::text("What came of it"), Head::text("Answer")];
    let rows = tried.into_iter().flat_map(|(delivery, attempts)| {
        attempts.into_iter().map(move |attempt| {
            vec![
                Cell::text(&delivery.event_type),
                Cell::text(when(attempt.at)),
                Cell::text(&attempt.outcome),
                Cell::text(attempt.status.map_or_else(String::new, |status| status.to_string())),
            ]
        })
    });
    Ok(Table::new("Attempts to tell the host's system", heads)
        .with(rows)
        .or_else("The host reads its inbox, or nothing was tried yet."))
}
