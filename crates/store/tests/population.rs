//! Estimates of how many children live where: kept by vintage, never changed.

#![cfg(test)]

use hub_domain::Timestamp;
use hub_domain::population::{self as estimates, Vintage};
use hub_store::population::{self, Loaded};

fn made(name: &str, people: u32) -> Vintage {
    let text =
        format!("authority,vintage,estimated_on,age_from,age_to,people\nE09000023,{name},2024-06-30,0,17,{people}\n");
    estimates::read(&text).unwrap()
}

fn loaded(vintage: &Vintage, at: i64) -> Loaded {
    Loaded {
        vintage: vintage.name.clone(),
        estimated_on: vintage.estimated_on,
        digest: "digest".into(),
        authorities: 1,
        loaded_at: Timestamp::from_second(1_780_000_000 + at).unwrap(),
    }
}

hub_testdb::on_both! {
    async fn a_vintage_is_kept_once_and_known_from_when_it_was_loaded(db: TestDb) {
        let (first, second) = (made("mid-2024", 60_000), made("mid-2024-revised", 61_000));
        let mut tx = db.store().begin().await.unwrap();
        assert!(population::insert(&mut tx, &loaded(&first, 1), &first).await.unwrap());
        assert!(population::insert(&mut tx, &loaded(&second, 9), &second).await.unwrap());
        let edited = made("mid-2024", 1);
        assert!(!population::insert(&mut tx, &loaded(&edited, 5), &edited).await.unwrap());
        tx.commit().await.unwrap();
        let mut link = db.store().read().await.unwrap();
        assert_eq!(population::all(&mut link).await.unwrap(), [loaded(&first, 1), loaded(&second, 9)]);
        let by = |at| loaded(&first, at).loaded_at;
        assert_eq!(population::vintages(&mut link, by(0)).await.unwrap(), []);
        assert_eq!(population::vintages(&mut link, by(8)).await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(population::vintages(&mut link, by(9)).await.unwrap(), [first, second]);
    }
}
