//! The story as a commissioner reads it in a terminal.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use hub_contract::layout::number;
use hub_domain::Dataset;

use super::{Delivery, Fed, HostStory, Line, Story, Trouble};

/// Said when the hub does not go on serving.
const ONCE: &str =
    "Run it without --once, and the hub goes on serving: its API, its tables and its tokens are shown then.";

/// Rules shown of all that were broken.
const RULES: usize = 8;

/// Lines of the morning list shown of each sort of trouble; the rest is counted.
const MORNING: usize = 2;

impl Story {
    /// The whole story as plain text; with what to open next when the hub goes on serving.
    pub fn render(&self, is_serving: bool) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut text, is_serving);
        text
    }

    fn write(&self, out: &mut String, is_serving: bool) -> fmt::Result {
        let night = self.night.strftime("%A %-d %B %Y");
        writeln!(out, "\nSufficiency Hub: the night to {night}, in a made-up region (seed {})", self.seed)?;
        self.write_feeds(out)?;
        self.write_found(out)?;
        self.write_notices(out)?;
        self.distant.iter().try_for_each(|distant| distant.write(out))?;
        self.write_morning(out)?;
        self.morning.reconciliation.write(out)?;
        self.write_gaps(out)?;
        self.write_stale(out)?;
        self.write_release(out)?;
        if is_serving { self.write_next(out) } else { heading(out, ONCE) }
    }

    fn write_feeds(&self, out: &mut String) -> fmt::Result {
        let sum = |read: fn(&Fed) -> u64| self.submissions.iter().map(read).sum::<u64>();
        let (read, left_out) = (sum(|fed| fed.rows_read), sum(|fed| fed.rows_rejected));
        let feeds = self.submissions.len();
        heading(out, "WHAT CAME")?;
        writeln!(
            out,
            "  {feeds} feeds: {} rows read, {} taken, {} left out.",
            number(read),
            number(read - left_out),
            number(left_out)
        )?;
        writeln!(
            out,
            "\n  {:<14}{:>12}{:>12}{:>12}{:>12}{:>12}  verdicts",
            "borough", "placements", "vacancies", "searches", "quality", "left out"
        )?;
        let mut boroughs: BTreeMap<&str, Vec<&Fed>> = BTreeMap::new();
        for fed in &self.submissions {
            boroughs.entry(&fed.name).or_default().push(fed);
        }
        for (name, feeds) in boroughs {
            write!(out, "  {name:<14}")?;
            for dataset in Dataset::USUAL {
                let rows = feeds.iter().find(|fed| fed.dataset == dataset).map_or(0, |fed| fed.rows_read);
                write!(out, "{:>12}", number(rows))?;
            }
            let left_out: u64 = feeds.iter().map(|fed| fed.rows_rejected).sum();
            writeln!(out, "{:>12}  {}", number(left_out), verdicts(&feeds))?;
        }
        Ok(())
    }

    fn write_found(&self, out: &mut String) -> fmt::Result {
        let mut rules: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
        for found in self.submissions.iter().flat_map(|fed| &fed.findings) {
            *rules.entry((&found.severity, &found.rule, &found.title)).or_default() += found.count;
        }
        let mut rules: Vec<_> = rules.into_iter().filter(|((severity, ..), _)| *severity != "info").collect();
        rules.sort_by_key(|((severity, rule, _), count)| (*severity, std::cmp::Reverse(*count), *rule));
        heading(out, "WHAT WAS FOUND IN IT")?;
        for ((severity, rule, title), count) in rules.iter().take(RULES) {
            writeln!(out, "  {severity:<8}{:>6}  {rule:<18}{title}", number(*count))?;
        }
        if rules.len() > RULES {
            writeln!(
                out,
                "  … and {} rules more. Each borough has a report that names row, column, rule and fix.",
                rules.len() - RULES
            )?;
        }
        Ok(())
    }

    fn write_notices(&self, out: &mut String) -> fmt::Result {
        let sum = |read: fn(&HostStory) -> u64| self.hosts.iter().map(read).sum::<u64>();
        let (notices, register) = (sum(|host| host.notices), sum(|host| host.register));
        heading(out, "WHO WAS TOLD")?;
        writeln!(
            out,
            "  {} stays in another authority's area than the one that placed the child: {} begun since the borough joined, with a\n  \
             statutory clock, and {} from before, as register entries. Of the former {} are over, {} reached their host, {} are\n  \
             acknowledged so far.",
            number(notices + register),
            number(notices),
            number(register),
            number(sum(|host| host.over)),
            number(sum(|host| host.delivered)),
            number(sum(|host| host.acknowledged)),
        )?;
        let columns = ["notices", "far", "late", "over", "reached", "acknowledged", "register", "letters"];
        write!(out, "\n  {:<14}{:<12}", "host", "told by")?;
        columns.iter().try_for_each(|column| write!(out, "{column:>13}"))?;
        writeln!(out)?;
        self.hosts.iter().try_for_each(|host| write_host(out, host))?;
        writeln!(out, "  far: at a distance (the director approves). late: due before the feed that first showed it.")
    }

    fn write_morning(&self, out: &mut String) -> fmt::Result {
        let morning = &self.morning;
        heading(out, &format!("THE HOST'S MORNING LIST: {}, what wants somebody first", morning.name))?;
        let (clocked, amiss) =
            (morning.lines.len(), morning.lines.iter().filter(|line| line.trouble.is_some()).count());
        writeln!(
            out,
            "  {} children of other authorities live here, {clocked} under a clock; something is amiss with {amiss} of these.",
            number(morning.children)
        )?;
        writeln!(
            out,
            "\n  {:<12}{:<13}{:<15}{:<18}{:<14}{:<11}{:<18}{:<10}flags",
            "since", "placed by", "class", "notice", "host", "clock", "working days", "must act"
        )?;
        let mut shown: BTreeMap<Option<Trouble>, usize> = BTreeMap::new();
        for line in &morning.lines {
            let so_far = shown.entry(line.trouble).or_default();
            *so_far += 1;
            if *so_far <= MORNING {
                write_line(out, line)?;
            }
        }
        let left_out = shown.values().map(|all| all.saturating_sub(MORNING)).sum::<usize>();
        if left_out > 0 {
            writeln!(out, "  … and {left_out} more of the same sorts: GET /v1/register?side=host, or hub notice list")?;
        }
        let listed = |counts: &BTreeMap<String, u64>| {
            let words = counts.iter().map(|(word, count)| format!("{} {}", number(*count), word.replace('_', " ")));
            if counts.is_empty() { "nothing".to_owned() } else { words.collect::<Vec<_>>().join(", ") }
        };
        let left = &morning.reconciliation;
        writeln!(out, "  Reconciled: {}. To act: {}.", listed(&left.by_kind), listed(&left.by_act))
    }

    fn write_gaps(&self, out: &mut String) -> fmt::Result {
        heading(out, "WHAT IS MISSING: the five largest gaps, after every search is set against every usable vacancy")?;
        if self.gaps.is_empty() {
            writeln!(out, "  No gap is large enough to be published.")?;
        }
        for gap in &self.gaps {
            let age = if gap.age_band == "all" { "all ages".to_owned() } else { format!("age {}", gap.age_band) };
            writeln!(
                out,
                "  {:>4} without  {:<26}{:<10}{:<20}{} searching; {} usable places would suit one of them",
                gap.unserved,
                gap.provision,
                age,
                gap.area,
                or_hidden(gap.searching),
                or_hidden(gap.reachable_places)
            )?;
        }
        writeln!(
            out,
            "  The same place suits children of several rows and takes one: places do not add up, children do."
        )
    }

    fn write_stale(&self, out: &mut String) -> fmt::Result {
        heading(out, "WHICH VACANCIES NOBODY HAS LOOKED AT: shown to brokers, counted as unusable")?;
        for one in &self.stale_vacancies {
            let looked =
                one.confirmed_days.map_or_else(|| "never looked at".to_owned(), |days| format!("{days} days ago"));
            let name = one.provider_name.as_deref().unwrap_or("no name");
            writeln!(
                out,
                "  {looked:<16}{name:<18}{:<24}{:<14}{} free, fresh for {} days",
                one.provision.replace('_', " "),
                one.host_name,
                one.available_places,
                one.fresh_days
            )?;
        }
        Ok(())
    }

    fn write_release(&self, out: &mut String) -> fmt::Result {
        let (release, took) = (&self.release, &self.timings);
        heading(out, "WHAT WAS PUBLISHED")?;
        writeln!(out, "  release {} as at {}, digest {}", release.number, release.as_at, release.digest)?;
        writeln!(out, "  counts under five are hidden, and others beside them where a total would give them back")?;
        heading(out, "HOW LONG IT TOOK")?;
        writeln!(
            out,
            "  slowest receipt {} ms, slowest report {} ms; all feeds {} ms; release {} ms; last webhook {} ms after; in all {} ms",
            took.slowest_receipt_ms,
            took.slowest_verdict_ms,
            took.feeds_ms,
            took.release_ms,
            took.delivery_ms,
            took.total_ms
        )
    }

    fn write_next(&self, out: &mut String) -> fmt::Result {
        let next = &self.next;
        heading(out, "WHAT TO OPEN NEXT (while this runs)")?;
        writeln!(out, "  {}      the API, to read and to try", next.docs)?;
        writeln!(out, "  As one of these, whose secrets are this demonstration's and go with it:")?;
        for persona in &next.personas {
            writeln!(out, "    {:<14}{}  ({})", persona.client_id, persona.client_secret, persona.roles.join(", "))?;
        }
        let Some(first) = next.personas.first() else { return Ok(()) };
        writeln!(out, "  ask for a token and read the gaps:")?;
        writeln!(
            out,
            "    TOKEN=$(curl -s {}/oauth/token -d grant_type=client_credentials -d client_id={} \\",
            next.hub, first.client_id
        )?;
        writeln!(
            out,
            "      -d client_secret={} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')",
            first.client_secret
        )?;
        writeln!(out, "    curl -s -H \"Authorization: Bearer $TOKEN\" {}", next.gaps)
    }
}

fn write_host(out: &mut String, host: &HostStory) -> fmt::Result {
    let by = match host.delivery {
        Delivery::Webhook => "webhook",
        Delivery::Inbox => "inbox",
        Delivery::NotJoined => "not joined",
    };
    write!(out, "  {:<14}{by:<12}", host.name)?;
    let HostStory { notices, at_a_distance, late_when_first_seen, over, .. } = host;
    let HostStory { delivered, acknowledged, register, letters, .. } = host;
    let cells = [notices, at_a_distance, late_when_first_seen, over, delivered, acknowledged, register, letters];
    cells.iter().try_for_each(|cell| write!(out, "{:>13}", number(**cell)))?;
    writeln!(out)
}

fn write_line(out: &mut String, line: &Line) -> fmt::Result {
    let words = |word: &str| word.replace('_', " ");
    let days = line.working_days;
    let left = if days < 0 { format!("{} past", -days) } else { format!("{days} left") };
    let text = format!(
        "  {:<12}{:<13}{:<15}{:<18}{:<14}{:<11}{:<18}{:<10}{}",
        line.since.to_string(),
        line.placing_name,
        words(&line.class),
        words(&line.standing),
        words(&line.state),
        line.clock,
        format!("{}, {left}", words(&line.clock_status)),
        line.act.unwrap_or("nobody"),
        words(&line.flags.join(", "))
    );
    writeln!(out, "{}", text.trim_end())
}

fn heading(out: &mut String, text: &str) -> fmt::Result {
    writeln!(out, "\n{text}")
}

/// `4 accepted`, or what else became of them.
fn verdicts(feeds: &[&Fed]) -> String {
    let tally = super::tally(feeds.iter().map(|fed| fed.verdict.as_str()));
    let words: Vec<String> =
        tally.into_iter().map(|(verdict, count)| format!("{count} {}", verdict.replace('_', " "))).collect();
    words.join(", ")
}

fn or_hidden(count: Option<u64>) -> String {
    count.map_or_else(|| "(hidden)".to_owned(), number)
}
