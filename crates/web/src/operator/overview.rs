use askama::Template;
use hub_pipeline::feeds::{self, Arrival};
use hub_pipeline::publish;
use hub_store::delivery::{self, Filter};
use hub_store::{identity, job, member};

use crate::layout::{Page, Tone, ago, date, when};
use crate::refused::{Answer, Refused};

/// As many as are counted; more are said to be "or more".
const MOST: i64 = 1_000;

#[derive(Template)]
#[template(path = "operator/overview.html")]
struct Overview {
    checks: Vec<Check>,
    version: &'static str,
    store: String,
}

/// One thing that was looked at: how it is, and where to look further.
struct Check {
    what: &'static str,
    class: &'static str,
    mark: &'static str,
    says: String,
    link: &'static str,
}

/// `GET /operator`: whether the hub is well.
pub(crate) async fn overview(page: Page) -> Answer {
    page.operator()?;
    let checks = vec![
        members(&page).await?,
        feeds_come(&page).await?,
        jobs(&page).await?,
        letters(&page).await?,
        release(&page),
        gate(&page).await?,
    ];
    let store = page.hub().store.kind().to_string();
    page.show("The hub", &Overview { checks, version: env!("CARGO_PKG_VERSION"), store })
}

fn check(what: &'static str, tone: Tone, says: String, link: &'static str) -> Check {
    let mark = match tone {
        Tone::Good => "good",
        Tone::Plain => "note",
        Tone::Soon => "look",
        Tone::Urgent => "bad",
    };
    Check { what, class: tone.class(), mark, says, link }
}

async fn members(page: &Page) -> Result<Check, Refused> {
    let mut link = page.hub().store.read().await?;
    let (all, clients) = (member::all(&mut link).await?, identity::clients(&mut link).await?);
    let active = clients.iter().filter(|client| client.state == identity::State::Active).count();
    let says = format!("{} authorities take part; {active} clients may call", all.len());
    let tone = if all.is_empty() { Tone::Soon } else { Tone::Good };
    Ok(check("Authorities and clients", tone, says, "/operator/people"))
}

async fn feeds_come(page: &Page) -> Result<Check, Refused> {
    let all = feeds::feeds(page.hub(), None).await?;
    let out = all.iter().filter(|feed| matches!(feed.arrival, Arrival::Late | Arrival::Missing | Arrival::Never));
    let (tone, says) = match out.count() {
        0 => (Tone::Good, format!("all {} expected feeds have come", all.len())),
        late => (Tone::Soon, format!("{late} of {} expected feeds have not come", all.len())),
    };
    Ok(check("Last night's feeds", tone, says, "/operator/feeds"))
}

async fn jobs(page: &Page) -> Result<Check, Refused> {
    let mut link = page.hub().store.read().await?;
    let died = job::list(&mut link, Some(job::State::Failed), MOST).await?.len();
    let waits = job::oldest_due(&mut link, page.now()).await?.map(|due| ago(due, page.now()));
    let waits = waits.map_or_else(|| "nothing waits".to_owned(), |since| format!("the oldest was due {since}"));
    let (tone, says) = match died {
        0 => (Tone::Good, format!("no job was given up; {waits}")),
        _ => (Tone::Urgent, format!("{died} jobs were given up; {waits}")),
    };
    Ok(check("Jobs", tone, says, "/operator/work"))
}

async fn letters(page: &Page) -> Result<Check, Refused> {
    let mut link = page.hub().store.read().await?;
    let filter = Filter { state: Some(delivery::State::Dead), limit: MOST, ..Filter::default() };
    let dead = delivery::log(&mut link, &filter).await?.iter().filter(|one| !one.is_service()).count();
    let waiting = delivery::backlog(&mut link, page.now()).await?.waiting;
    let (tone, says) = match dead {
        0 => (Tone::Good, format!("none was given up; {waiting} wait to be sent")),
        _ => (Tone::Urgent, format!("{dead} were given up; {waiting} wait to be sent")),
    };
    Ok(check("Deliveries", tone, says, "/operator/letters"))
}

fn release(page: &Page) -> Check {
    let published = page.hub().published.load();
    let (tone, says) = match published.as_ref() {
        None => (Tone::Soon, "nothing has been published yet".to_owned()),
        Some(published) => {
            let release = &published.release;
            let age = ago(release.published_at, page.now());
            let old = page.now().duration_since(release.published_at).as_hours() >= 26;
            let says = format!("number {} of {}, published {age}", release.number, date(release.as_at));
            (if old { Tone::Soon } else { Tone::Good }, says)
        }
    };
    check("Release", tone, says, "/operator/releases")
}

async fn gate(page: &Page) -> Result<Check, Refused> {
    let mut link = page.hub().store.read().await?;
    let refusals = publish::refusals(&mut link, 1).await?;
    let (tone, says) = match refusals.first() {
        None => (Tone::Good, "has refused nothing".to_owned()),
        Some(last) => (Tone::Soon, format!("last refused a release on {}", when(last.at))),
    };
    Ok(check("Release gate", tone, says, "/operator/releases"))
}
