//! A night's reconciliation: as many placements out of area as are asked for, each with episode, notice and admission,
//! read from the store, set beside each other, and kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use hub_domain::record::AdmissionRow;
use hub_domain::{AuthorityCode, Calendar, Dataset, Date, ManualClock, Mode, PlacementRow, SequentialIds, authority};
use hub_notices::{Context, Notice, NoticeChange, Rules, Stated, Statement, StatementKind, plan};
use hub_pipeline::reconcile::{Reconciliation, run as reconcile};
use hub_pipeline::{Hub, Settings};
use hub_store::member::{self, Member};
use hub_store::notice::{self, NoticeRow};
use hub_store::submission::{self, Counts, Decision, Expect, State, Submission, Verdict};
use hub_store::{Store, record};
use hub_testdb::{Backend, TestDb, fresh};
use jiff::ToSpan as _;
use uuid::Uuid;

/// How many.
#[derive(Args)]
pub struct Options {
    /// Placements of the smaller night.
    #[arg(long, default_value_t = 10_000)]
    placements: usize,
    /// How many times as many in the larger.
    #[arg(long, default_value_t = 10)]
    times: usize,
    /// `postgres` or `sqlite`.
    #[arg(long, default_value = "sqlite")]
    on: String,
}

/// One placement in so many is told differently by somebody.
const DIFFER: usize = 50;
/// The morning of the measurement.
const MORNING: &str = "2026-11-16T06:30:00Z";

/// The night that has a figure.
const TEN_THOUSAND: usize = 10_000;
/// The longest that a night of ten thousand may take.
const LONGEST: Duration = Duration::from_secs(2);
/// A placement may cost so many times as much in the larger night.
const STEEPEST: f64 = 1.5;

/// Two sizes, and what a placement costs in each; an error when either figure is not kept.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let mut per_row = Vec::new();
    for placements in [options.placements, options.placements * options.times] {
        let (first, again, made) = once(options, placements).await?;
        let micros = again.as_secs_f64() * 1e6 / f64::from(u32::try_from(placements)?);
        println!(
            "{placements} episodes, {} notices, {} admissions on {}: first night {:.2} s, next night {:.2} s \
             ({micros:.1} µs a placement); {} agree, {} discrepancies",
            made.notices,
            made.admissions,
            options.on,
            first.as_secs_f64(),
            again.as_secs_f64(),
            made.agreed,
            made.found.values().sum::<u64>(),
        );
        let longest = LONGEST.mul_f64(f64::from(u32::try_from(placements.max(TEN_THOUSAND))?) / 10_000.0);
        anyhow::ensure!(first.max(again) <= longest, "a night of {placements} may take {longest:?} at most");
        per_row.push(micros);
    }
    if let [small, large] = per_row.as_slice() {
        let ratio = large / small;
        println!("cost of a placement, {} times as many ÷ as many: {ratio:.2}", options.times);
        anyhow::ensure!(ratio <= STEEPEST, "the cost of a placement may grow {STEEPEST} times at most");
    }
    Ok(())
}

async fn once(options: &Options, placements: usize) -> anyhow::Result<(Duration, Duration, Reconciliation)> {
    let backend = if options.on == "sqlite" { Backend::Sqlite } else { Backend::Postgres };
    let database: TestDb = fresh(backend).await.context("there is no PostgreSQL server to measure on")?;
    let clock = Arc::new(ManualClock::at(MORNING.parse()?));
    let hub =
        Hub::new(database.store().clone(), clock.clone(), Arc::new(SequentialIds::default()), Settings::default());
    fill(&hub.store, placements).await?;
    let began = Instant::now();
    let made = reconcile(&hub).await?;
    let first = began.elapsed();
    anyhow::ensure!(made.stays == placements && made.admissions == placements, "{made:?}");
    clock.advance(24 * 3600);
    let began = Instant::now();
    let made = reconcile(&hub).await?;
    Ok((first, began.elapsed(), made))
}

/// London's boroughs, each with its share of the placements and of the homes.
async fn fill(store: &Store, placements: usize) -> anyhow::Result<()> {
    let boroughs: Vec<AuthorityCode> =
        authority::all().iter().filter(|one| one.is_london()).map(|one| one.code).collect();
    let joined_on: Date = "2020-01-01".parse()?;
    let mut tx = store.begin().await?;
    for code in &boroughs {
        let member = Member { code: *code, name: code.to_string(), joined_on, settings: "{}".to_owned() };
        member::upsert(&mut tx, &member).await?;
    }
    tx.commit().await?;
    let children: Vec<Child> = (0..placements).map(|n| Child::of(n, &boroughs)).collect::<Result<_, _>>()?;
    let rules = Rules::default();
    let context = Context {
        as_at: "2026-11-15".parse()?,
        joined: joined_on,
        calendar: Calendar::england_and_wales(),
        rules: &rules,
    };
    for code in &boroughs {
        let placed: Vec<&Child> = children.iter().filter(|child| child.placing == *code).collect();
        let rows: Vec<(String, String)> = placed.iter().map(|child| child.episode()).collect::<Result<_, _>>()?;
        load(store, *code, Dataset::Placements, &rows).await?;
        let held = children.iter().filter(|child| child.host == *code);
        let rows: Vec<(String, String)> = held.map(Child::admission).collect::<Result<_, _>>()?;
        load(store, *code, Dataset::Admissions, &rows).await?;
        notices(store, *code, &placed, &context).await?;
    }
    Ok(())
}

/// A child placed in another borough's home.
struct Child {
    n: usize,
    placing: AuthorityCode,
    host: AuthorityCode,
    row: PlacementRow,
}

impl Child {
    fn of(n: usize, boroughs: &[AuthorityCode]) -> anyhow::Result<Self> {
        let pick = |at: usize| boroughs.get(at % boroughs.len()).copied().context("a borough");
        let (placing, host) = (pick(n)?, pick(n + 1 + n / boroughs.len() % (boroughs.len() - 1))?);
        let start: Date = "2023-01-02".parse()?;
        let row = PlacementRow {
            child_ref: format!("made_up_child_of_a_bench_{n:08}"),
            episode_start: start.checked_add((n % 1_200).try_into().map(|days: i64| days.days())?)?,
            birth_month: format!("{}-{:02}", 2009 + n / 12 % 8, 1 + n % 12),
            sex: if n.is_multiple_of(2) { "F" } else { "M" }.to_owned(),
            ethnicity: "WBRI".to_owned(),
            reason_new_episode: "S".to_owned(),
            legal_status: "C2".to_owned(),
            category_of_need: "N1".to_owned(),
            placement_type: "K2".to_owned(),
            placement_provider: Some("PR4".to_owned()),
            placement_la: Some(host),
            placement_sector: Some("SE13 6".to_owned()),
            urn: Some(format!("SC{:06}", n / 4)),
            setting_ref: Some(format!("st-{}", n / 4)),
            registration: Some("registered".to_owned()),
            planned: Some(true),
            ..PlacementRow::default()
        };
        Ok(Self { n, placing, host, row })
    }

    fn episode(&self) -> anyhow::Result<(String, String)> {
        let key = format!("{}/{}", self.row.child_ref, self.row.episode_start);
        Ok((key, array(&self.row)?))
    }

    fn admission(&self) -> anyhow::Result<(String, String)> {
        let differs = self.n.is_multiple_of(DIFFER);
        let row = AdmissionRow {
            admission_ref: format!("ad-{}", self.n),
            urn: self.row.urn.clone().unwrap_or_default(),
            setting_ref: self.row.setting_ref.clone(),
            notified_under: "reg_41".to_owned(),
            setting_sector: Some(if differs { "CR0 1" } else { "SE13 6" }.to_owned()),
            placing_la: Some(self.placing),
            birth_month: self.row.birth_month.clone(),
            sex: Some(self.row.sex.clone()),
            admitted_on: self.row.episode_start,
            notified_on: Some(self.row.episode_start),
            ..AdmissionRow::default()
        };
        Ok((row.admission_ref.clone(), array(&row)?))
    }
}

/// A record as the store keeps it: an array of its fields in order.
fn array(row: &impl serde::Serialize) -> anyhow::Result<String> {
    let text = serde_json::to_string(row)?;
    // Read without a map, which would sort the names.
    let order: Vec<&str> = text.split('"').collect();
    let value: serde_json::Value = serde_json::from_str(&text)?;
    let fields = value.as_object().context("a record")?;
    let mut seen = Vec::new();
    for name in order {
        if let Some(value) = fields.get(name).filter(|_| !seen.iter().any(|(known, _)| known == &name)) {
            seen.push((name, value));
        }
    }
    Ok(serde_json::to_string(&seen.iter().map(|(_, value)| value).collect::<Vec<_>>())?)
}

async fn load(
    store: &Store,
    authority: AuthorityCode,
    dataset: Dataset,
    rows: &[(String, String)],
) -> anyhow::Result<()> {
    let at = "2026-11-16T02:00:00Z".parse()?;
    let as_at: Date = "2026-11-15".parse()?;
    let mut tx = store.begin().await?;
    let seq = submission::next_seq(&mut tx, authority).await?;
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{authority}{dataset}").as_bytes());
    let kept = Submission {
        authority,
        id,
        seq,
        dataset,
        mode: Mode::Full,
        as_at,
        covers_from: None,
        correction: false,
        client: "bench".to_owned(),
        digest: id.simple().to_string(),
        bytes: 0,
        format: "csv".to_owned(),
        compression: "none".to_owned(),
        contract: "1.0.0".to_owned(),
        state: State::Received,
        verdict: None,
        held_reason: None,
        counts: None,
        received_at: at,
        decided_at: None,
    };
    submission::insert(&mut tx, &kept).await?;
    let mut loader = record::Loader::new(authority, dataset, seq, as_at);
    for (key, body) in rows {
        loader.push(&mut tx, key, [0; 16], body).await?;
    }
    loader.finish(&mut tx).await?;
    let decision = Decision {
        authority,
        id,
        expect: Expect::Received,
        verdict: Verdict::Accepted,
        held_reason: None,
        counts: Counts::default(),
        report: None,
        at,
    };
    submission::decide(&mut tx, &decision).await?;
    Ok(tx.commit().await?)
}

/// The notice of each child, as though somebody had given it.
async fn notices(
    store: &Store,
    placing: AuthorityCode,
    placed: &[&Child],
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let rows: Vec<PlacementRow> = placed.iter().map(|child| child.row.clone()).collect();
    let mut kept = Vec::new();
    for change in plan(placing, &[], &rows, context) {
        let (NoticeChange::Raised(notice) | NoticeChange::Registered(notice)) = change else { continue };
        kept.push(row(given(*notice)?)?);
    }
    let mut tx = store.begin().await?;
    notice::save_many(&mut tx, &kept).await?;
    Ok(tx.commit().await?)
}

fn given(mut notice: Notice) -> anyhow::Result<Notice> {
    let at = "2026-11-01T09:00:00Z".parse()?;
    let said = Statement {
        child_ref: Some(notice.child_ref.clone()),
        host: Some(notice.host),
        placement_start: Some(notice.start),
        placement_type: Some(notice.terms.placement_type.clone()),
        class: Some(notice.terms.class.as_str().to_owned()),
        urn: notice.terms.urn.clone(),
        setting_ref: notice.terms.setting_ref.clone(),
        placement_sector: notice.terms.placement_sector.clone(),
        ..Statement::default()
    };
    let stated = Stated { id: notice.id, n: 1, kind: StatementKind::Placement, at, provisional: false, said };
    notice.statement = Some(Box::new(stated));
    notice.given.placement = Some(at);
    Ok(notice)
}

fn row(notice: Notice) -> anyhow::Result<NoticeRow> {
    let at = "2026-11-01T09:00:00Z".parse()?;
    Ok(NoticeRow {
        authority: notice.placing,
        id: notice.id,
        host: notice.host,
        child_ref: notice.child_ref.clone(),
        state: notice.state,
        live: true,
        issued: true,
        version: 1,
        revision: 0,
        class: notice.terms.class.as_str().to_owned(),
        started_on: notice.there_from(),
        ended_on: None,
        standing: notice.standing(),
        given_at: notice.given_at(),
        due_at: None,
        body: serde_json::to_string(&notice)?,
        raised_at: at,
        updated_at: at,
        issued_at: Some(at),
        delivered_version: 1,
        late_version: 0,
    })
}
