//! A placements feed of any length: consistent chains of episodes, drawn from a seed, written as they are made.

use std::io::{self, Write};

use jiff::ToSpan;
use jiff::civil::date;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The columns written: the ones a borough's case system can fill.
pub const COLUMNS: [&str; 21] = [
    "child_ref",
    "episode_start",
    "episode_end",
    "birth_month",
    "sex",
    "ethnicity",
    "uasc",
    "reason_new_episode",
    "legal_status",
    "category_of_need",
    "placement_type",
    "placement_provider",
    "reason_ceased",
    "reason_place_change",
    "home_sector",
    "placement_sector",
    "placement_la",
    "distance_miles",
    "urn",
    "setting_ref",
    "weekly_cost",
];

/// What a feed looks like.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// Rows.
    pub rows: u64,
    /// Whose.
    pub authority: &'static str,
    /// Children living outside the borough, per hundred.
    pub away: u32,
    /// Rows per thousand whose cost differs from the seed's: the next night.
    pub changed_per_mille: u32,
    /// Open episodes per hundred children; the rest have left care.
    pub open: u32,
}

/// Writes the feed as CSV.
pub fn write(feed: &Feed, seed: u64, to: &mut impl Write) -> io::Result<()> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut churn = StdRng::seed_from_u64(seed ^ 0x5EED);
    writeln!(to, "{}", COLUMNS.join(","))?;
    let mut left = feed.rows;
    let mut child = 0_u64;
    while left > 0 {
        let episodes = u64::from(random.random_range(1_u32..=4)).min(left);
        write_child(feed, &mut random, &mut churn, child, episodes, to)?;
        left -= episodes;
        child += 1;
    }
    Ok(())
}

const HOSTS: [&str; 6] = ["E09000006", "E09000011", "E09000028", "E10000016", "E10000030", "E09000008"];

fn write_child(
    feed: &Feed,
    random: &mut StdRng,
    churn: &mut StdRng,
    child: u64,
    episodes: u64,
    to: &mut impl Write,
) -> io::Result<()> {
    let mut start = date(2010, 1, 1).checked_add(random.random_range(0..4000).days()).map_err(io::Error::other)?;
    let born = start.checked_sub(random.random_range(24..150).months()).map_err(io::Error::other)?;
    let (sex, ethnicity) =
        (["M", "F"][random.random_range(0..2)], ["WBRI", "BCRB", "BAFR", "MWBC", "AOTH"][random.random_range(0..5)]);
    let stays_open = random.random_range(0..100) < feed.open;
    // A reference that sorts as the children come, as an extract ordered by child does.
    let reference = format!("c{child:09}{:012x}", child.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16);
    for nth in 0..episodes {
        let last = nth + 1 == episodes;
        let end = if last && stays_open {
            None
        } else {
            Some(start.checked_add(random.random_range(20..300).days()).map_err(io::Error::other)?)
        };
        let away = random.random_range(0..100) < feed.away;
        let host = if away { HOSTS[random.random_range(0..HOSTS.len())] } else { feed.authority };
        let host = if host == feed.authority && away { "E10000016" } else { host };
        let mut pounds = random.random_range(300..4_000_u32);
        if churn.random_range(0..1_000) < feed.changed_per_mille {
            pounds += 1;
        }
        let ceased = match end {
            Some(_) if last => "E4A",
            Some(_) => "X1",
            None => "",
        };
        writeln!(
            to,
            "{reference},{start},{},{},{sex},{ethnicity},false,{},C2,N1,U6,PR4,{ceased},{},SE13 6,{},{host},{}.{},{},set-{:06},{pounds}.00",
            end.map(|end| end.to_string()).unwrap_or_default(),
            born.strftime("%Y-%m"),
            if nth == 0 { "S" } else { "P" },
            if end.is_some() && !last { "CARPL" } else { "" },
            if away { "ME7 4" } else { "SE13 5" },
            random.random_range(0..30),
            random.random_range(0..10),
            random.random_range(2_500_000..2_509_999),
            random.random_range(0..40_000),
        )?;
        match end {
            Some(end) => start = end,
            None => break,
        }
    }
    Ok(())
}
