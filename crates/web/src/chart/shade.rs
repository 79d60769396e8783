//! Which shade a figure has, and the legend that says so.

use crate::figure::{Figure, grouped};

/// Shades there are; more cannot be told apart side by side.
const SHADES: usize = 5;

/// Figures in five parts of about as many each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scale {
    /// The least and the greatest figure of each shade, lightest first.
    steps: Vec<(i64, i64)>,
    /// Some figure is hidden.
    hides: bool,
    /// Of some the table says nothing.
    leaves: bool,
}

/// One entry of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// The class of its shade.
    pub(crate) class: &'static str,
    /// What it stands for.
    pub(crate) words: String,
}

/// Classes of the shades, lightest first.
const CLASSES: [&str; SHADES] = ["s1", "s2", "s3", "s4", "s5"];
/// Class of what is hidden.
const HIDDEN: &str = "sh";
/// Class of what nothing is said of.
const NOTHING: &str = "s0";

impl Scale {
    /// A scale over these figures.
    pub(crate) fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let (mut numbers, mut hides, mut leaves) = (Vec::new(), false, false);
        for figure in figures {
            hides |= figure.is_hidden();
            leaves |= matches!(figure, Figure::Blank | Figure::Word(_));
            numbers.extend(figure.number());
        }
        numbers.sort_unstable();
        Self { steps: steps(&numbers), hides, leaves }
    }

    /// The class of a figure's shade.
    pub(crate) fn class(&self, figure: &Figure) -> &'static str {
        let Some(number) = figure.number() else {
            return if figure.is_hidden() { HIDDEN } else { NOTHING };
        };
        let at = self.steps.iter().position(|(_, most)| number <= *most).unwrap_or(self.steps.len().saturating_sub(1));
        CLASSES.get(at).copied().unwrap_or(NOTHING)
    }

    /// What each shade stands for.
    pub(crate) fn legend(&self) -> Vec<Step> {
        let shade = |(class, (least, most)): (&&'static str, &(i64, i64))| {
            let words =
                if least == most { grouped(*least) } else { format!("{} to {}", grouped(*least), grouped(*most)) };
            Step { class, words }
        };
        let mut legend: Vec<Step> = CLASSES.iter().zip(&self.steps).map(shade).collect();
        if self.hides {
            legend.push(Step { class: HIDDEN, words: "c: hidden".to_owned() });
        }
        if self.leaves {
            legend.push(Step { class: NOTHING, words: "–: nothing said".to_owned() });
        }
        legend
    }
}

/// The least and the greatest of each part. Equal figures are never parted, so there may be fewer parts.
fn steps(sorted: &[i64]) -> Vec<(i64, i64)> {
    let mut steps: Vec<(i64, i64)> = Vec::new();
    let mut rest = sorted;
    for left in (1..=SHADES).rev() {
        let Some((&least, &last)) = rest.first().zip(rest.get(rest.len().div_ceil(left).saturating_sub(1))) else {
            break;
        };
        let next = rest.partition_point(|number| *number <= last);
        steps.push((least, last));
        rest = rest.get(next..).unwrap_or_default();
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_about_as_many_each_and_equals_stay_together() {
        assert_eq!(steps(&[]), []);
        assert_eq!(steps(&[4, 4, 4]), [(4, 4)]);
        assert_eq!(steps(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]);
        assert_eq!(steps(&[0, 0, 0, 0, 0, 0, 1, 2, 3]), [(0, 0), (1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn every_figure_finds_its_part_and_a_hidden_one_none() {
        let figures: Vec<Figure> = (1..=10).map(Figure::Number).chain([Figure::Hidden]).collect();
        let scale = Scale::of(figures.iter());
        let classes: Vec<&str> = figures.iter().map(|figure| scale.class(figure)).collect();
        assert_eq!(classes, ["s1", "s1", "s2", "s2", "s3", "s3", "s4", "s4", "s5", "s5", "sh"]);
        let legend: Vec<String> = scale.legend().into_iter().map(|step| step.words).collect();
        assert_eq!(legend, ["1 to 2", "3 to 4", "5 to 6", "7 to 8", "9 to 10", "c: hidden"]);
    }
}
