//! Keys: what is sealed opens only with the person's key, in its own place, until
//! the person is erased, and rotation loses nobody.

use foundation::chance::Chance;
use foundation::database::Community;
use foundation::house::{House, OpenError, Opening};
use foundation::keys::{KeyError, SiteKeyError};
use foundation::ledger::{Door, Who};
use permissions::Role;
use permissions::actor::Actor;
use rights::{self, Ground};

use crate::support::TestHouse;

const C: Community = Community(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_value_opens_in_its_own_place_only() {
    let house = TestHouse::new().await;
    let (wang, li) = (house.id(), house.id());
    let ring = house.keys.make(C, &[wang, li]).await.expect("keys");
    let sealed = house
        .keys
        .seal(&ring, wang, "phone", b"+8619900000001")
        .expect("sealed");
    let open = |person, column| ring.open(person, column, &sealed);
    assert_eq!(open(wang, "phone"), Ok(Some("+8619900000001".into())));
    assert!(open(wang, "note").is_err());
    assert!(open(li, "phone").is_err());
    let mut damaged = sealed.clone();
    *damaged.last_mut().expect("not empty") ^= 1;
    assert!(ring.open(wang, "phone", &damaged).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn rotation_loses_nobody_and_needs_no_stop() {
    let house = TestHouse::new().await;
    let people: Vec<_> = (0..1_200).map(|_| house.id()).collect();
    let ring = house.keys.make(C, &people).await.expect("keys");
    let sealed = house
        .keys
        .seal(&ring, people[7], "phone", b"x")
        .expect("sealed");
    let other_node = house.again().await;
    let (number, moved) = rights::rotate_keys(&house, &Who::operator(), |_| ())
        .await
        .expect("rotated");
    assert_eq!((number, moved), (2, 1_200));
    for node in [&house.house, &other_node] {
        let ring = node.keys.ring(C, &people[..500]).await.expect("keys");
        assert_eq!(ring.open(people[7], "phone", &sealed), Ok(Some("x".into())));
    }
    let again = house.again().await;
    assert_eq!(
        again.keys.digest("a", b"b"),
        house.keys.digest("a", b"b"),
        "the house's own secrets stay"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_stays_erased_after_the_key_store_was_restored() {
    let house = TestHouse::new().await;
    house.open_compound(C).await;
    let (gone, stays) = (house.id(), house.id());
    let ring = house.keys.make(C, &[gone, stays]).await.expect("keys");
    let sealed = house.keys.seal(&ring, gone, "phone", b"x").expect("sealed");
    let backup = house.copy_key_store().await;
    let by = Actor::account(house.id(), None, C, vec![Role::Manager], Door::Web);
    rights::erase(&house, &by, gone, Ground::Asked)
        .await
        .expect("erased");
    let ring = house.keys.ring(C, &[gone, stays]).await.expect("keys");
    assert_eq!(ring.open(gone, "phone", &sealed), Ok(None));

    house.restore_key_store(backup).await;
    let restored = house.again().await;
    assert_eq!(rights::replay(&restored).await.expect("replayed"), 1);
    let ring = restored.keys.ring(C, &[gone, stays]).await.expect("keys");
    assert!(!ring.has(gone));
    assert!(ring.has(stays));
    assert!(matches!(
        restored.keys.seal(&ring, gone, "phone", b"y"),
        Err(KeyError::Erased)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_does_not_open_with_another_site_key_or_without() {
    let house = TestHouse::new().await;
    let opening = |key: &str| Opening {
        data_dir: house.folder.path().join("data"),
        db_url: house.db_url.clone(),
        keys_url: None,
        key_file: Some(house.folder.path().join(key)),
        passphrase: None,
        clock: std::sync::Arc::new(house.clock.clone()),
        chance: std::sync::Arc::new(Chance::from_seed(9)),
    };
    let missing = House::open(opening("elsewhere.key")).await.err();
    assert!(matches!(
        missing,
        Some(OpenError::SiteKey(SiteKeyError::Missing(_)))
    ));
    std::fs::write(house.folder.path().join("wrong.key"), "ab".repeat(32)).expect("written");
    let wrong = House::open(opening("wrong.key")).await.err();
    assert!(matches!(
        wrong,
        Some(OpenError::Keys(KeyError::OtherSiteKey))
    ));
}
