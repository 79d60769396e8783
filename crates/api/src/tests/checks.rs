use super::stage::Stage;

#[tokio::test]
async fn a_borough_reads_what_concerns_its_own_as_json_and_as_csv() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let answer = stage.get("/v1/checks", &token).await.json();
    assert_eq!(answer["items"], serde_json::json!([]));
    let not_made = answer["not_made"].as_array().unwrap();
    let over = not_made.iter().find(|not| not["check"] == "over_places").unwrap();
    assert_eq!(over["why"], "the region has no feed of the regulator's register", "it does not count as passed");
    assert!(not_made.iter().all(|not| not["check"] != "same_child"), "{answer:#}");
    let one = stage.get("/v1/checks?check=903-219", &token).await.json();
    assert_eq!(one["not_made"].as_array().map(Vec::len), Some(1));
    let csv = stage.get("/v1/checks?format=csv", &token).await;
    assert!(csv.text().starts_with("authority,check,title,child_ref,episode_start,urn,with,since,own,places,fix"));
    assert_eq!(stage.get("/v1/checks?check=everything", &token).await.problem(), "invalid-request");
    assert_eq!(stage.get("/v1/checks?authority=E09000008", &token).await.problem(), "not-found");
}
