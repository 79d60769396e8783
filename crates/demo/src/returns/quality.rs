//! Quality: visits, concerns and a few restrictions.

use super::{Borough, ago};
use crate::part::Part;
use crate::sheet::Sheet;

const COLUMNS: &[&str] = &[
    "event_ref",
    "urn",
    "setting_ref",
    "kind",
    "occurred_on",
    "source",
    "overall",
    "score_safety",
    "score_care",
    "score_leadership",
    "score_stability",
    "score_voice",
    "concern_level",
    "in_force_from",
    "in_force_to",
    "next_due",
    "evidence_ref",
];

pub(super) fn quality(part: &mut Part, borough: &Borough<'_>) -> Vec<u8> {
    let mut sheet = Sheet::headed(COLUMNS);
    let homes = borough.homes.iter().filter(|home| home.provision != "foster_household");
    for (number, home) in homes.enumerate() {
        let kind = part.weighed(&[("visit", 88), ("concern", 9), ("suspension", 3)]);
        let visit = kind == "visit";
        let on = ago(part.between(5, 340));
        let overall =
            part.weighed(&[("good", 60), ("outstanding", 14), ("requires_improvement", 21), ("inadequate", 5)]);
        let mut score = || if visit { part.between(2, 4).to_string() } else { String::new() };
        let scores = [score(), score(), score(), score(), score()];
        let level = match kind {
            "visit" => "none",
            "concern" => part.weighed(&[("watch", 70), ("serious", 30)]),
            _ => "serious",
        };
        let mut row = vec![
            format!("{}-Q{number:04}", &borough.member.code.get(6..).unwrap_or_default()),
            home.urn.clone(),
            home.setting.clone(),
            kind.to_owned(),
            on.to_string(),
            if visit { part.weighed(&[("borough_qa", 70), ("contract_monitoring", 30)]) } else { "borough_qa" }
                .to_owned(),
            if visit { overall.to_owned() } else { String::new() },
        ];
        row.extend(scores);
        row.push(level.to_owned());
        row.push(if visit { String::new() } else { on.to_string() });
        row.extend([String::new(), String::new(), String::new()]);
        sheet.row(&row);
    }
    sheet.finish()
}
