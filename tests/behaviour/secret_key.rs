//! A stack with a SECRET_KEY: one secret signs everything, and no key is managed.

use latchkey_tests::{
    call::Call,
    keys::{kid, part},
    world::{OTHER_PASSWORD, PASSWORD, SECRET, World},
};
use serde_json::json;

const ADA: &str = "ada@example.com";

// AT1 RT1 RT2
#[tokio::test(flavor = "multi_thread")]
async fn all_works_with_one_secret_and_the_table_of_keys_is_never_touched() {
    let world = World::with(&[("SECRET_KEY", SECRET)]).await;
    world.create_user(ADA).await;
    let pair = world.login(ADA, PASSWORD).await;
    for token in ["access_token", "refresh_token", "device_token"] {
        let token = pair.text(token);
        assert_eq!((kid(token).as_str(), &part(token, 0)["alg"]), ("secret", &json!("HS256")));
    }
    assert_eq!(world.me(pair.text("access_token")).await.status, 200);
    assert_eq!(world.sessions(pair.text("access_token")).await.status, 200);
    let next = world.refresh(pair.text("refresh_token")).await;
    let again = world.refresh(pair.text("refresh_token")).await;
    assert_eq!((next.status, again.status), (200, 200));
    assert_eq!(next.text("refresh_token"), again.text("refresh_token"));
    let changed = world.change_password(next.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(changed.status, 200);
    let body = json!({ "refresh_token": next.text("refresh_token"), "everywhere": true });
    assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 204);
    assert_eq!(world.me(changed.text("access_token")).await.status, 401);

    assert_eq!(world.turn().await, rotate::Turn::default());
    assert_eq!(world.scan("SigningKeys").await.len(), 0);
    assert_eq!(world.proxy.count("Query", "SigningKeys"), 0);
}

// AT1
#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_a_secret_and_of_managed_keys_are_none_for_each_other() {
    let (with_secret, managed) = (World::with(&[("SECRET_KEY", SECRET)]).await, World::new().await);
    for (from, to) in [(&with_secret, &managed), (&managed, &with_secret)] {
        let email = "eve@example.com";
        from.create_user(email).await;
        let pair = from.login(email, PASSWORD).await;
        assert_eq!(from.me(pair.text("access_token")).await.status, 200);
        assert_eq!(to.me(pair.text("access_token")).await.status, 401);
        assert_eq!(to.refresh(pair.text("refresh_token")).await.status, 401);
    }
}
