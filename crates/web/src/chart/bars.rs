//! Horizontal bars: figures of a few rows beside one another.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::figure::Figure;

/// Widths: of the words, of the longest bar, of the figure beside it.
const WORDS: i64 = 190;
const LONGEST: i64 = 220;
const FIGURE: i64 = 70;
/// From one bar to the next.
const PITCH: usize = 26;

/// Bars from nought.
#[derive(Debug, Template)]
#[template(path = "chart/bars.html")]
pub(crate) struct Bars {
    id: String,
    title: String,
    description: String,
    rows: Vec<Bar>,
    /// Where nought is: bars of what is less than nought go left.
    nought: i64,
    width: i64,
    height: usize,
}

impl HtmlSafe for Bars {}

/// A bar.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    words: String,
    figure: Figure,
    x: i64,
    length: i64,
    y: usize,
}

impl Bars {
    /// Bars of these rows, in their order; a hidden figure has no bar and says so.
    pub(crate) fn of(id: &str, title: &str, rows: Vec<(String, Figure)>) -> Self {
        let numbers = || rows.iter().filter_map(|(_, figure)| figure.number());
        let (least, most) = (numbers().min().unwrap_or(0).min(0), numbers().max().unwrap_or(0).max(0));
        let span = (most - least).max(1);
        let scaled = |number: i64| number.saturating_mul(LONGEST) / span;
        let nought = WORDS + scaled(-least);
        let hidden = rows.iter().filter(|(_, figure)| figure.is_hidden()).count();
        let description = describe(&rows, hidden);
        let height = rows.len() * PITCH;
        let bar = |(at, (words, figure)): (usize, (String, Figure))| {
            let length = scaled(figure.number().unwrap_or(0));
            Bar { x: nought + length.min(0), length: length.abs(), y: at * PITCH, words: shortened(words), figure }
        };
        let rows = rows.into_iter().enumerate().map(bar).collect();
        let width = WORDS + LONGEST + FIGURE;
        Self { id: id.to_owned(), title: title.to_owned(), description, rows, nought, width, height }
    }

    /// Whether there is anything to draw.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.iter().all(|bar| bar.figure.number().is_none())
    }
}

impl Bar {
    fn beside(&self) -> i64 {
        self.x + self.length + 6
    }
}

/// The most letters that stand beside a bar.
const LETTERS: usize = 30;

fn shortened(words: String) -> String {
    if words.chars().count() <= LETTERS {
        return words;
    }
    words.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// The picture in a sentence.
fn describe(rows: &[(String, Figure)], hidden: usize) -> String {
    let by = |pick: fn(&i64, &i64) -> bool| {
        let shown = rows.iter().filter_map(|(words, figure)| Some((words, figure.number()?)));
        shown.reduce(|kept, next| if pick(&next.1, &kept.1) { next } else { kept })
    };
    let ends = by(|next, kept| next > kept).zip(by(|next, kept| next < kept));
    let ends = ends.map_or_else(
        || "No figure is shown.".to_owned(),
        |((top, most), (bottom, least))| {
            let (most, least) = (Figure::Number(most), Figure::Number(least));
            format!("{} bars, from {least} ({bottom}) to {most} ({top}).", rows.len())
        },
    );
    if hidden == 0 { ends } else { format!("{ends} {hidden} hidden. The table below has every figure.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_proportion_and_what_is_hidden_has_none() {
        let rows = vec![
            ("One".to_owned(), Figure::Number(50)),
            ("Two".to_owned(), Figure::Number(100)),
            ("Three".to_owned(), Figure::Hidden),
        ];
        let bars = Bars::of("b", "Children", rows);
        let lengths: Vec<i64> = bars.rows.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [LONGEST / 2, LONGEST, 0]);
        assert_eq!(bars.description, "3 bars, from 50 (One) to 100 (Two). 1 hidden. The table below has every figure.");
        let html = bars.to_string();
        assert!(html.contains(r#"role="img""#) && html.contains(">c</text>"), "{html}");
    }

    #[test]
    fn what_is_less_than_nought_goes_the_other_way() {
        let rows = vec![("A".to_owned(), Figure::Number(-50)), ("B".to_owned(), Figure::Number(50))];
        let bars = Bars::of("b", "Change", rows);
        assert_eq!((bars.rows[0].x, bars.rows[0].length), (WORDS, LONGEST / 2));
        assert_eq!(bars.rows[1].x, bars.nought);
    }
}
