use hub_disclosure::{Policy, gate};
use hub_domain::*;
use hub_sufficiency::Region;
use jiff::civil::date;
use std::time::Instant;
struct Dice(u64);
impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % below
    }
}
#[test]
fn big() {
    let per: u64 = std::env::var("PER").unwrap_or("300".into()).parse().unwrap();
    let boroughs: usize = std::env::var("BOR").unwrap_or("7".into()).parse().unwrap();
    let mut d = Dice(1);
    let all: Vec<_> = authority::all().iter().map(|a| a.code).collect();
    let sel = ["E09000004", "E09000006", "E09000011", "E09000022", "E09000023", "E09000028", "E09000008"]
        .map(|c| c.parse().unwrap());
    let members: Vec<AuthorityCode> = if boroughs == 7 {
        sel.to_vec()
    } else {
        authority::all().iter().filter(|a| a.is_london()).map(|a| a.code).take(boroughs).collect()
    };
    let as_at = date(2026, 3, 1);
    let mut r = Region::new(as_at, members.clone());
    let places = ["U1", "U4", "U4", "U6", "U6", "U6", "U3", "K2", "K3", "K3", "P1", "A5", "R1", "S1", "R5", "T1"];
    for (i, &m) in members.iter().enumerate() {
        for c in 0..per {
            let year = 2025 - [16, 17, 17, 16, 15, 15, 14, 13, 12, 11, 10, 8, 7, 5, 3, 2, 0][d.roll(17) as usize];
            let host = match d.roll(10) {
                0..=4 => Some(m),
                5..=7 => Some(members[d.roll(members.len() as u64) as usize]),
                8 => Some(all[d.roll(all.len() as u64) as usize]),
                _ => {
                    if d.roll(4) == 0 {
                        None
                    } else {
                        Some("E10000016".parse().unwrap())
                    }
                }
            };
            let row = PlacementRow {
                child_ref: format!("c{i}-{c}"),
                episode_start: date(2022 + d.roll(4) as i16, 1 + d.roll(12) as i8, 1 + d.roll(28) as i8),
                birth_month: format!("{year}-0{}", 1 + d.roll(9)),
                uasc: d.roll(10) == 0,
                legal_status: "C2".into(),
                reason_new_episode: "S".into(),
                placement_type: places[d.roll(16) as usize].into(),
                placement_la: host,
                urn: Some(format!("{}", 1000000 + d.roll(per * 3))),
                ..Default::default()
            };
            r.placement(m, &row);
        }
        let prov = [
            "foster_household",
            "foster_household",
            "foster_household",
            "childrens_home",
            "supported_accommodation",
            "residential_school",
            "secure_home",
        ];
        for v in 0..per / 2 {
            let p = prov[d.roll(7) as usize];
            r.vacancy(
                m,
                VacancyRow {
                    urn: format!("{}", 1000000 + d.roll(per * 3)),
                    setting_ref: format!("v{i}-{v}"),
                    provision: p.into(),
                    host_la: m,
                    approved_places: 1 + d.roll(4) as i64,
                    occupied_places: d.roll(2) as i64,
                    available_places: d.roll(2) as i64,
                    age_min: d.roll(8) as i64,
                    age_max: 17,
                    sex_accepted: "any".into(),
                    sibling_places: Some(2),
                    confirmed_at: Some(format!("2026-02-{}T09:00:00Z", 10 + d.roll(18)).parse().unwrap()),
                    ..Default::default()
                },
            );
        }
        for s in 0..per / 8 {
            let p = prov[d.roll(7) as usize];
            r.search(
                m,
                &SearchRow {
                    search_ref: format!("s{s}"),
                    child_ref: format!("c{i}-{s}"),
                    opened_on: date(2026, 2, 1),
                    provision_sought: vec![p.into()],
                    age: 3 + d.roll(15) as i64,
                    sex: "F".into(),
                    ..Default::default()
                },
            );
        }
    }
    let t = Instant::now();
    let picture = r.finish();
    let tables = picture.tables();
    eprintln!("tables {:?}", t.elapsed());
    for t in &tables {
        eprintln!("  {} rows {} lines {}", t.name, t.rows.len(), t.lines.len());
    }
    let t = Instant::now();
    let gated = gate(tables.clone(), &Policy::default()).unwrap();
    eprintln!("gate {:?} {:?} shown {}", t.elapsed(), gated.utility(), gated.utility().shown_per_mille());
    for (t, g) in tables.iter().zip(gated.tables()) {
        let (mut small, mut hid, mut n) = (0, 0, 0);
        for (r, s) in t.rows.iter().zip(g.rows()) {
            for (c, s) in r.cells.iter().zip(s.cells()) {
                if let hub_disclosure::Cell::Count { value, contributors, .. } = c {
                    n += 1;
                    let sm = (1..5).contains(value) || contributors.is_some_and(|n| n > 0 && n < 5);
                    small += sm as u32;
                    hid += (*s == hub_disclosure::Shown::Hidden && !sm) as u32;
                }
            }
        }
        eprintln!("  {} cells {n} small {small} beside {hid}", t.name);
    }
    if std::env::var("SHOW").is_ok() {
        for n in std::env::var("SHOW").unwrap().split(',') {
            let (t, g) = (tables.iter().find(|t| t.name == n).unwrap(), gated.table(n).unwrap());
            for (r, s) in t.rows.iter().zip(g.rows()) {
                let c: Vec<String> = r
                    .cells
                    .iter()
                    .zip(s.cells())
                    .map(|(c, s)| {
                        if let hub_disclosure::Cell::Count { value, .. } = c {
                            if *s == hub_disclosure::Shown::Hidden { format!("({value})") } else { format!("{value}") }
                        } else {
                            String::new()
                        }
                    })
                    .collect();
                eprintln!("{:?} {}", r.labels, c.join(" "));
            }
        }
    }
    eprintln!(
        "{:?}",
        hub_sufficiency::largest_gaps(gated.table("market_gaps").unwrap(), 5)
            .iter()
            .map(|g| (&g.area, &g.age_band, &g.provision, g.searching, g.unserved, g.reachable_places))
            .collect::<Vec<_>>()
    );
}
