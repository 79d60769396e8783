//! Who sealed it: the placing authority signs inside the envelope, and its host believes no key that it has not seen. A hub
//! that turned against its boroughs could seal something of its own to a host's key; it could not sign it.

use std::path::Path;

use hub_agent::hub::NewEnvelope;
use hub_agent::sealing::{Contents, EnvelopeKind, SigningKey, seal};
use hub_agent::settings::Settings;
use hub_agent::{Connection, HubClient};
use hub_domain::{Clock as _, SystemClock};
use hub_testkit::authority;
use serde_json::{Map, json};

use crate::sealed::{Scene, agent, agent_does, details};

/// Kent opens the notice into a folder of that name.
async fn opens(scene: &Scene, name: &str, more: &[&str]) -> (bool, serde_json::Value, String) {
    let out = scene.kent().join(name).display().to_string();
    let args = [&["notice", "open", &scene.notice, "--out", &out][..], more].concat();
    agent(&scene.kent(), &args).await
}

hub_testdb::on_both! {
    async fn a_host_sees_who_signed_and_believes_no_key_that_it_has_not_seen(db: TestDb) {
        let scene = Scene::set(&db).await;
        details(&scene.lewisham());
        agent_does(&scene.kent(), &["sealing-key", "init", "--register"]).await;
        assert!(scene.seal(&[]).await.0);
        let ours = agent_does(&scene.lewisham(), &["signing-key"]).await["fingerprint"].clone();
        let place = format!("/v1/notices/{}/envelopes", scene.notice);
        for side in &scene.people[..2] {
            assert_eq!(side.get(&place).await.expect(200).json()["items"][0]["signed_by"], ours, "shown to both sides");
        }
        let (good, said, err) = opens(&scene, "first", &[]).await;
        assert!(good, "{err}");
        let opened = &said["opened"][0];
        assert_eq!((&opened["signed_by"], &opened["signer_trusted_now"]), (&ours, &json!(true)));
        let again = opens(&scene, "again", &[]).await.1;
        assert_eq!(again["opened"][0]["signer_trusted_now"], json!(false), "it is remembered");

        // Somebody else seals for the notice, with a key of their own.
        std::fs::remove_file(scene.lewisham().join("signing.key")).expect("a signing key");
        assert!(scene.seal(&[]).await.0);
        let theirs = agent_does(&scene.lewisham(), &["signing-key"]).await["fingerprint"].clone();
        assert_ne!(ours, theirs);
        let (good, _, err) = opens(&scene, "changed", &[]).await;
        let theirs = theirs.as_str().expect("a fingerprint");
        assert!(!good && err.contains("has not used before") && err.contains(theirs), "{err}");
        assert!(!Path::new(&scene.kent().join("changed")).exists(), "nothing was written");
        let (good, said, err) = opens(&scene, "accepted", &["--accept-signer", theirs]).await;
        assert!(good && said["opened"][0]["signed_by"] == theirs, "{err}");
    }

    async fn what_nobody_signed_or_another_than_it_says_is_not_opened(db: TestDb) {
        let scene = Scene::set(&db).await;
        agent_does(&scene.kent(), &["sealing-key", "init", "--register"]).await;
        let settings = Settings::read(&scene.lewisham().join("hub-agent.json")).expect("settings");
        let connection = Connection::new(&settings.hub, "lewisham", settings.proof().expect("a secret"));
        let client = HubClient::new(connection, std::sync::Arc::new(SystemClock)).expect("a client");
        let (id, kent) = (scene.notice.parse().expect("an id"), authority("kent"));
        let recipients: Vec<_> =
            client.sealing_keys(kent).await.expect("keys").into_iter().map(|key| key.recipient).collect();
        let fingerprints: Vec<_> = recipients.iter().map(|key| key.fingerprint()).collect();
        let key = SigningKey::generate().expect("a key");
        let said = key.fingerprint().expect("a fingerprint");
        let leave = async |placing, signer: Option<&SigningKey>| {
            let sealed = Map::from_iter([("name".to_owned(), json!("Made Up"))]);
            let kind = EnvelopeKind::Details;
            let contents = Contents::new((id, kind), (placing, kent), SystemClock.now(), sealed, Vec::new());
            let bytes = seal(&recipients, &contents.pack(signer).expect("packed")).expect("sealed");
            let parts: Vec<_> = contents.parts().into_iter().collect();
            let (parts, fingerprints, bytes) = (&parts[..], &fingerprints[..], &bytes[..]);
            let new = NewEnvelope { notice: id, kind, parts, fingerprints, signed_by: &said, bytes };
            client.leave(&new).await.expect("left")
        };
        leave(authority("lewisham"), None).await;
        let (good, _, err) = opens(&scene, "unsigned", &[]).await;
        assert!(!good && err.contains("nobody signed it"), "{err}");
        let (good, said, err) = opens(&scene, "unsigned", &["--unsigned"]).await;
        assert!(good && said["opened"][0]["signed_by"].is_null(), "{err}");
        // Signed well enough, by somebody who says that Croydon placed the child.
        leave(authority("croydon"), Some(&key)).await;
        let (good, _, err) = opens(&scene, "another", &[]).await;
        assert!(!good && err.contains("by another than it says"), "{err}");
        // Signed by another key than the hub was told.
        leave(authority("lewisham"), Some(&SigningKey::generate().expect("a key"))).await;
        let (good, _, err) = opens(&scene, "other", &[]).await;
        assert!(!good && err.contains("by another than it says"), "{err}");
        leave(authority("lewisham"), Some(&key)).await;
        assert!(opens(&scene, "good", &[]).await.0);
    }
}
