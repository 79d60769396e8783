//! The day a child's period of care began, read off the chain of episodes.

use std::collections::HashMap;

use hub_domain::Date;

use super::episodes::{Episode, Episodes};
use crate::source::Reading;

/// For each episode, the first day of the period of care it belongs to.
///
/// A period begins with RNE `S` and goes on while the episode before ended `X1` or has not been
/// closed. `None` where the return does not hold the beginning: the hub then takes the earliest
/// continuous episode it knows, which may be from a former year.
pub(crate) fn starts(episodes: &Episodes<'_>) -> Vec<Option<Date>> {
    let all: Vec<&Episode<'_>> = episodes.iter().collect();
    let mut starts = vec![None; all.len()];
    for mut chain in by_child(&all).into_values() {
        chain.sort_unstable_by_key(|&(start, _)| start);
        let mut current: Option<Date> = None;
        let mut in_care = false;
        for (start, at) in chain {
            let Some(episode) = all.get(at) else { continue };
            if episode.cell("RNE").eq_ignore_ascii_case("S") {
                current = Some(start);
            } else if !in_care {
                current = None;
            }
            let ceased = episode.cell("REC");
            in_care = ceased.is_empty() || ceased.eq_ignore_ascii_case("X1");
            if let Some(slot) = starts.get_mut(at) {
                *slot = current;
            }
        }
    }
    starts
}

fn by_child<'a>(all: &[&'a Episode<'_>]) -> HashMap<&'a str, Vec<(Date, usize)>> {
    let mut chains: HashMap<&str, Vec<(Date, usize)>> = HashMap::new();
    for (at, episode) in all.iter().enumerate() {
        if let Reading::Is(start) = episode.start {
            chains.entry(episode.child.as_str()).or_default().push((start, at));
        }
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Input;

    fn starts_of(rows: &str) -> Vec<String> {
        let bytes = format!("CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\n{rows}").into();
        let sheets = [crate::source::read_table(&Input { name: "e.csv".into(), bytes }, &mut Vec::new()).unwrap()];
        let episodes = Episodes::read(&sheets, jiff::civil::date(2026, 3, 31), &mut Vec::new());
        starts(&episodes).into_iter().map(|start| start.map_or("-".to_owned(), |date| date.to_string())).collect()
    }

    #[test]
    fn a_period_runs_from_its_s_through_the_x1s_in_whatever_order_the_file_has_them() {
        let rows = "1,01/03/2025,P,C2,N1,U6,01/06/2025,X1\n\
                    1,01/01/2025,S,V2,N1,U6,01/03/2025,X1\n\
                    1,01/06/2025,L,C2,N1,U6,01/07/2025,E4A\n\
                    1,01/09/2025,S,V2,N1,U6,,\n\
                    2,01/02/2025,S,V2,N1,U6,,\n";
        assert_eq!(starts_of(rows), ["2025-01-01", "2025-01-01", "2025-01-01", "2025-09-01", "2025-02-01"]);
    }

    #[test]
    fn a_beginning_that_the_return_does_not_hold_is_left_to_the_hub() {
        let rows = "1,01/03/2025,P,C2,N1,U6,01/06/2025,X1\n1,01/06/2025,L,C2,N1,U6,,\n";
        assert_eq!(starts_of(rows), ["-", "-"]);
    }

    #[test]
    fn an_episode_after_care_ended_does_not_inherit_the_period_that_ended() {
        let rows = "1,01/01/2025,S,V2,N1,U6,01/03/2025,E4A\n1,01/06/2025,P,C2,N1,U6,,\n";
        assert_eq!(starts_of(rows), ["2025-01-01", "-"]);
    }
}
