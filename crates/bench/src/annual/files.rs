//! Every file of the return as DfE CSV, and the part of a postcode directory that covers it.

use std::fmt::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use super::child::{Child, FIRST, LAST, draw};

/// Postcodes of the made-up country.
const POSTCODES: usize = 6_000;
/// One row in this many has a slip.
const SLIP: usize = 211;

/// What was written.
pub struct Made {
    /// Name, rows and bytes.
    pub files: Vec<(&'static str, usize, usize)>,
    pub rows: usize,
}

/// A file being written.
struct File {
    name: &'static str,
    text: String,
    rows: usize,
}

impl File {
    fn headed(name: &'static str, headings: &str) -> Self {
        Self { name, text: format!("{headings}\n"), rows: 0 }
    }

    fn row(&mut self, cells: &[&str]) {
        self.text.push_str(&cells.join(","));
        self.text.push('\n');
        self.rows += 1;
    }
}

/// Writes the return to `folder/return` and the directory to `folder/postcodes.csv`.
pub fn write(folder: &Path, children: u32, seed: u64) -> anyhow::Result<Made> {
    let mut files = [
        File::headed("header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"),
        File::headed(
            "episodes.csv",
            "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
        ),
        File::headed("uasc.csv", "CHILD,SEX,DOB,DUC"),
        File::headed(
            "oc2.csv",
            "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,\
             INTERVENTION_RECEIVED,INTERVENTION_OFFERED",
        ),
        File::headed("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM"),
        File::headed("ad1.csv", "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR"),
        File::headed("missing.csv", "CHILD,DOB,MISSING,MIS_START,MIS_END"),
        File::headed("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE"),
        File::headed("prev_perm.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM"),
        File::headed("sbpfa.csv", "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED"),
        File::headed("social_worker.csv", "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON"),
        File::headed("dolo.csv", "CHILD,DOB,DOLO_START,DOLO_END"),
    ];
    for number in 0..children {
        let child = draw(seed, number, POSTCODES);
        main_files(&child, &mut files);
        other_files(&child, &mut files);
    }
    let inside = folder.join("return");
    std::fs::create_dir_all(&inside)?;
    for file in &files {
        std::fs::write(inside.join(file.name), &file.text)?;
    }
    std::fs::write(folder.join("postcodes.csv"), directory())?;
    let rows = files.iter().map(|file| file.rows).sum();
    Ok(Made { files: files.iter().map(|file| (file.name, file.rows, file.text.len())).collect(), rows })
}

fn main_files(child: &Child, files: &mut [File; 12]) {
    let (number, born, turn) = (child.number.as_str(), day(child.born), child.turn());
    let upn = format!("A{:012}", turn * 7_919);
    files[0].row(&[number, child.sex, &born, if turn % SLIP == 3 { "" } else { child.ethnicity }, &upn, "", ""]);
    for (nth, episode) in child.episodes.iter().enumerate() {
        let place = if (turn + nth) % SLIP == 5 { "U9" } else { episode.place };
        files[1].row(&[
            number,
            &day(episode.start),
            episode.rne,
            episode.legal,
            episode.need,
            place,
            episode.provider,
            &episode.end.map(day).unwrap_or_default(),
            episode.ceased,
            episode.change,
            &if child.is_uasc { String::new() } else { postcode(child.home) },
            &postcode(episode.postcode),
            &episode.urn,
        ]);
    }
    if child.is_uasc {
        files[2].row(&[number, child.sex, &born, &day(child.born.saturating_add(18.years()))]);
    }
}

fn other_files(child: &Child, files: &mut [File; 12]) {
    let (number, born, turn) = (child.number.as_str(), day(child.born), child.turn());
    let within =
        |step: usize| day(FIRST.saturating_add(i64::try_from((turn * 13 + step * 67) % 360).unwrap_or(0).days()));
    let later = |step: usize| day(LAST.saturating_sub(i64::try_from((turn + step) % 5).unwrap_or(0).days()));
    if child.is_leaver {
        files[4].row(&[number, &born, "YES", "F2", "U1"]);
        return;
    }
    if turn % 10 < 7 {
        let score = (turn % 41).to_string();
        files[3].row(&[number, &born, &score, "", "0", "1", "1", "1", "1", "0", "", ""]);
    }
    if turn % 33 == 0 {
        files[5].row(&[number, &born, &within(0), &within(0), "0", "2", "MF", "L12"]);
        files[9].row(&[number, &born, &within(0), "", ""]);
    }
    for spell in 0..(turn % 13).saturating_sub(10) {
        files[6].row(&[number, &born, "M", &within(spell), &later(spell)]);
    }
    for review in 0..3 + turn % 4 {
        files[7].row(&[number, &born, &within(review), "PN1"]);
    }
    files[8].row(&[number, &born, "Z1", "", ""]);
    files[10].row(&[number, &born, &format!("SW{:06}", turn * 11), &day(FIRST), "", ""]);
    if turn % 100 == 1 {
        files[11].row(&[number, &born, &within(1), ""]);
    }
}

fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// The nth made-up postcode, of the shape that real ones have.
fn postcode(nth: usize) -> String {
    let letters = b"ABDEFGHJLNPQRSTUWXYZ";
    let letter = |at: usize| char::from(letters[at % letters.len()]);
    format!("SE{} {}{}{}", 1 + nth % 28, nth / 28 % 10, letter(nth / 280), letter(nth / 5_600))
}

fn directory() -> String {
    let mut text = "pcds,dointr,doterm,oscty,oslaua,oseast1m,osnrth1m,lat,long\n".to_owned();
    for nth in 0..POSTCODES {
        let authority = ["E09000023", "E09000006", "E09000023", "E09000011", "E09000023"][nth % 5];
        let (east, north) = (530_000 + nth * 7 % 20_000, 170_000 + nth * 11 % 15_000);
        let _ = writeln!(text, "{},198001,,E99999999,{authority},{east},{north},51.45,-0.01", postcode(nth));
    }
    text
}
