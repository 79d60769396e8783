//! First page ≤ 100 ms and ≤ 100 KB, as the figures of the pages want it.

use std::time::{Duration, Instant};

/// Longest first page, bytes, with the stylesheet that it needs.
const BYTES: usize = 100_000;
/// Longest time to a first page.
const TIME: Duration = Duration::from_millis(100);

hub_testkit::on_both! {
    async fn a_first_page_is_light_and_quick(hub: TestHub) {
        let mut person = hub.visit("kent-duty").await;
        let style = person.get(hub_web::stylesheet()).await.expect(200).body.len();
        for path in ["/", "/desk"] {
            let (mut bytes, mut best) = (0, Duration::MAX);
            for _ in 0..5 {
                let began = Instant::now();
                bytes = style + person.get(path).await.expect(200).body.len();
                best = best.min(began.elapsed());
            }
            println!("{path}: {bytes} bytes with the stylesheet, {} ms", best.as_millis());
            assert!(bytes <= BYTES && best <= TIME, "{path}: {bytes} bytes, {best:?}");
        }
    }
}
