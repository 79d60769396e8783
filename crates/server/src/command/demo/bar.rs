use hub_demo::Audience;
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar on stderr; nothing where that is not a terminal.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar that shows nothing yet.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(1);
        // The template is ours and a constant; were it wrong, the plain bar would do.
        if let Ok(style) = ProgressStyle::with_template("{msg:<46} [{bar:24}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Audience for Bar {
    fn act(&self, title: &str, steps: u64) {
        self.0.set_message(title.to_owned());
        self.0.set_position(0);
        self.0.set_length(steps);
    }

    fn step(&self) {
        self.0.inc(1);
    }
}
