//! Returns in shorthand: `hd SEX=M; ep DEC=1/6/2025 REC=X1; -ep` is a header, an episode, and an episode of last year's return.
//! What is not said is as in the defaults; a header row is there unless another or `!hd` is.

use super::table::{Return, TableName};

/// Table, its name in shorthand, and what a row holds unless it says otherwise.
const DEFAULTS: [(TableName, &str, &str); 12] = [
    (TableName::Header, "hd", "CHILD=1 SEX=F DOB=10/05/2012 ETHNIC=WBRI UPN=A123456789012 MOTHER=0"),
    (
        TableName::Episodes,
        "ep",
        "CHILD=1 DECOM=01/05/2025 RNE=S LS=C2 CIN=N1 PLACE=U6 PLACE_PROVIDER=PR4 HOME_POST=SE136LT PL_POST=SE64RU URN=SC012345",
    ),
    (TableName::Uasc, "ua", "CHILD=1 SEX=F DOB=10/05/2012"),
    (
        TableName::Oc2,
        "o2",
        "CHILD=1 DOB=10/05/2012 SDQ_SCORE=10 CONVICTED=0 IMMUNISATIONS=1 TEETH_CHECK=1 HEALTH_ASSESSMENT=1 SUBSTANCE_MISUSE=0",
    ),
    (TableName::Oc3, "o3", "CHILD=1 DOB=01/06/2006 IN_TOUCH=YES ACTIV=F1 ACCOM=U1"),
    (
        TableName::Ad1,
        "ad",
        "CHILD=1 DOB=10/05/2012 DATE_INT=01/03/2025 DATE_MATCH=01/04/2025 FOSTER_CARE=0 NB_ADOPTR=2 SEX_ADOPTR=MF LS_ADOPTR=L11",
    ),
    (TableName::ShouldBePlaced, "sb", "CHILD=1 DOB=10/05/2012 DATE_PLACED=01/03/2025"),
    (TableName::PreviousPermanence, "pp", "CHILD=1 DOB=10/05/2012 PREV_PERM=Z1"),
    (TableName::Missing, "mi", "CHILD=1 DOB=10/05/2012 MISSING=M MIS_START=01/09/2025 MIS_END=02/09/2025"),
    (TableName::Reviews, "re", "CHILD=1 DOB=10/05/2012 REVIEW=01/09/2025 REVIEW_CODE=PN1"),
    (TableName::SocialWorkers, "sw", "CHILD=1 DOB=10/05/2012 SW_ID=SW12345 SW_DECOM=01/05/2025 SW_REASON=MANAGE"),
    (TableName::Liberty, "dl", "CHILD=1 DOB=10/05/2012 DOLO_START=01/06/2025"),
];

/// This year's return and last year's. Tables of `given` are there, with a row or without.
pub(super) fn read(text: &str, given: &[TableName], given_last: &[TableName]) -> (Return, Return) {
    let (mut this, mut last) = (Return::default(), Return::default());
    begin(&mut this, given);
    begin(&mut last, given_last);
    let rows: Vec<&str> = text.split(';').map(str::trim).filter(|row| !row.is_empty()).collect();
    let has_header = rows.iter().any(|row| row.starts_with("hd") || row.starts_with("!hd"));
    if !has_header {
        push(&mut this, "hd");
    }
    for row in rows.into_iter().filter(|row| !row.starts_with('!')) {
        match row.strip_prefix('-') {
            Some(row) => push(&mut last, row),
            None => push(&mut this, row),
        }
    }
    (this, last)
}

fn begin(into: &mut Return, tables: &[TableName]) {
    for name in tables {
        let headings = name.headings().iter().map(|(heading, _)| *heading);
        into.table(*name).begin(name.as_str(), headings);
    }
}

fn push(into: &mut Return, row: &str) {
    let mut words = row.split_whitespace();
    let short = words.next().unwrap();
    let (name, _, defaults) = DEFAULTS.into_iter().find(|(_, known, _)| *known == short).unwrap();
    if into.given(name).is_none() {
        begin(into, &[name]);
    }
    let told: Vec<(&str, &str)> =
        words.chain(defaults.split_whitespace()).map(|word| word.split_once('=').unwrap()).collect();
    for (heading, _) in &told {
        assert!(name.headings().iter().any(|(known, _)| known == heading), "{short} has no {heading}");
    }
    let cell = |heading: &str| told.iter().find(|(known, _)| *known == heading).map_or("", |(_, value)| *value);
    let cells: Vec<&str> = name.headings().iter().map(|(heading, _)| cell(heading)).collect();
    let line = into.table(name).len() + 2;
    into.table(name).push(line.try_into().unwrap(), &cells);
}

mod tests {
    use std::collections::HashSet;

    use super::super::rules;
    use super::super::{Frame, judge};
    use super::*;

    /// Whether a sample breaks a rule; it must be asked.
    fn breaks(rule: &'static super::super::ReturnRule, text: &str) -> bool {
        let given: Vec<TableName> = rule.needs.iter().copied().chain([TableName::Header, rule.table]).collect();
        let (this, last) = read(text, &given, rule.last);
        let last = (!last.is_empty()).then_some(last);
        let verdict = judge(&this, last.as_ref(), Frame::of_year(2026));
        assert!(verdict.ran.contains(&rule), "{} is not asked of {text}", rule.id);
        verdict.findings.iter().any(|finding| finding.rule == rule)
    }

    #[test]
    fn each_rule_finds_the_sample_that_breaks_it_and_not_the_one_beside_it() {
        let mut wrong = Vec::new();
        for rule in rules::all() {
            if !breaks(rule, rule.samples.0) {
                wrong.push(format!("{} does not find {}", rule.id, rule.samples.0));
            }
            if breaks(rule, rule.samples.1) {
                wrong.push(format!("{} finds {}", rule.id, rule.samples.1));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn each_rule_has_a_number_of_its_own_and_says_what_to_do() {
        let mut seen = HashSet::new();
        for rule in rules::all() {
            assert!(seen.insert(rule.id), "{}", rule.id);
            let ends = rule.fix.ends_with('.') || rule.fix.ends_with(')');
            assert!(!rule.title.is_empty() && !rule.title.ends_with('.') && ends, "{}", rule.id);
        }
    }

    #[test]
    fn a_rule_that_cannot_run_is_said_not_to_have() {
        let (this, _) = read("ep DEC=01/05/2025 REC=X1", &[], &[]);
        let verdict = judge(&this, None, Frame::of_year(2026));
        let not_run =
            |id: &str| verdict.not_run.iter().find(|not| not.rule.id == id).map(|not| (not.table, not.last_year));
        assert_eq!(not_run("1004"), Some((TableName::Missing, false)));
        assert_eq!(not_run("502"), Some((TableName::Episodes, true)));
        assert_eq!(not_run("355"), None);
        assert_eq!(verdict.ran.len() + verdict.not_run.len(), rules::all().count());
        let told = verdict.findings.iter().find(|finding| finding.rule.id == "355").unwrap();
        assert_eq!((told.table, told.row, told.heading), (TableName::Episodes, 0, "DEC"));
        assert_eq!(this.given(TableName::Episodes).unwrap().place(0), Some(("episodes", 2)));
    }

    #[test]
    fn children_do_not_run_into_one_another() {
        let alone = "hd; ep DEC=1/6/2025 REC=E4A; hd CHILD=2 UPN=UN1; ep CHILD=2 RNE=S DECOM=1/6/2025";
        let (this, _) = read(alone, &[], &[]);
        let verdict = judge(&this, None, Frame::of_year(2026));
        let broken: Vec<&str> = verdict.findings.iter().map(|finding| finding.rule.id).collect();
        assert!(!broken.contains(&"431") && !broken.contains(&"388"), "{broken:?}");
    }
}
