//! What an operator does for who lost an account to somebody else's address, or an address.

use latchkey_tests::{
    call::Answer,
    pool::Pool,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use shared::{
    domain::{Email, Origin, User},
    event::Event,
    store::{Credential, EmailSet},
};

const OLD: &str = "mallory@example.com";
const NEW: &str = "ada@example.com";

/// A world with a user who is logged in.
async fn world_with_session() -> (World, User, Answer) {
    let world = World::new().await;
    let user = world.create_user(OLD).await;
    let session = world.login(OLD, PASSWORD).await;
    (world, user, session)
}

async fn set_email(world: &World, user: &User, email: &str) -> shared::error::Result<EmailSet> {
    let (user, credential) = look_up(world, user).await;
    set_email_of(world, &user, &credential, email).await
}

async fn look_up(world: &World, user: &User) -> (User, Credential) {
    let store = &world.app.store;
    let user = store.users.get(user.id).await.expect("reads").expect("there is the user");
    let credential = store.credentials.get(&user.email).await.expect("reads").expect("a credential");
    (user, credential)
}

async fn set_email_of(
    world: &World,
    user: &User,
    credential: &Credential,
    email: &str,
) -> shared::error::Result<EmailSet> {
    let operator = shared::domain::Actor::Operator("test".to_owned());
    let event = Event::success("set_email").user(user.id).leaves(user.email.hash()).by(operator);
    let email: Email = email.parse().expect("valid");
    world.app.store.set_email(user, credential, &email, &event.entry_without_caller(world.now)).await
}

// EM1 RT10
#[tokio::test(flavor = "multi_thread")]
async fn the_account_moves_all_sessions_end_and_the_old_address_is_told() {
    let (world, user, session) = world_with_session().await;
    let set = set_email(&world, &user, NEW).await.expect("writes");
    assert!(matches!(set, EmailSet::Done(moved) if moved.email.as_str() == NEW && moved.id == user.id));

    assert_eq!(world.me(session.text("access_token")).await.status, 401);
    assert_eq!(world.refresh(session.text("refresh_token")).await.status, 401);
    assert_eq!(world.login(OLD, PASSWORD).await.status, 401);
    assert_eq!(world.login(NEW, PASSWORD).await.status, 200);
    assert_eq!(world.subjects_to(OLD).await, ["Your address at Latchkey was changed"]);
    assert_eq!(world.audited("set_email").await.len(), 1);
}

// EM3 RS5
#[tokio::test(flavor = "multi_thread")]
async fn links_that_were_mailed_or_asked_for_before_are_void() {
    let (world, user, session) = world_with_session().await;
    let reset = world.mailed_token(OLD).await;
    world.change_email(session.text("access_token"), "mallory.mailed@example.com", PASSWORD).await;
    let mailed = world.token_mailed_to("mallory.mailed@example.com").await;
    world.change_email(session.text("access_token"), "mallory.waits@example.com", PASSWORD).await;
    let mut later = world;
    later.pass(std::time::Duration::from_secs(1));
    set_email(&later, &user, NEW).await.expect("writes");
    later.deliver_all().await;

    assert_eq!(later.reset(&reset, OTHER_PASSWORD).await.status, 400);
    assert!(later.mails_to("mallory.waits@example.com").is_empty());
    let session = later.login(NEW, PASSWORD).await;
    assert_eq!(later.confirm_email(session.text("access_token"), &mailed).await.status, 400);
    let reset = later.mailed_token(NEW).await;
    assert_eq!(later.reset(&reset, OTHER_PASSWORD).await.status, 200, "the owner's own works");
}

// MV8
#[tokio::test(flavor = "multi_thread")]
async fn the_old_pool_is_asked_about_the_user_that_it_knows_and_not_about_the_new_address() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    let user = world.import_newcomer(OLD, Origin::Cognito, None).await;
    pool.add(OLD, PASSWORD, None);
    // There the new address is somebody else's, or was registered by somebody else.
    pool.add(NEW, OTHER_PASSWORD, None);
    assert!(matches!(set_email(&world, &user, NEW).await, Ok(EmailSet::Done(_))));
    assert_eq!(world.login(NEW, OTHER_PASSWORD).await.status, 401);
    assert_eq!(world.login(NEW, PASSWORD).await.status, 200);
}

// EM2
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_has_an_account_is_not_taken() {
    let (world, user, session) = world_with_session().await;
    world.create_user(NEW).await;
    let before = world.everything().await;
    assert_eq!(set_email(&world, &user, NEW).await.expect("answers"), EmailSet::Taken);
    assert_eq!(world.everything().await, before);
    assert_eq!(world.me(session.text("access_token")).await.status, 200);
}

// EM2
#[tokio::test(flavor = "multi_thread")]
async fn of_two_addresses_at_once_the_account_gets_one() {
    for _ in 0..4 {
        let (world, user, _) = world_with_session().await;
        // Both have looked before one of them writes.
        let (user, credential) = look_up(&world, &user).await;
        let set = |email| set_email_of(&world, &user, &credential, email);
        let both = tokio::join!(set(NEW), set("b@example.com"));
        let sets = [both.0.expect("answers"), both.1.expect("answers")];
        assert_eq!(sets.iter().filter(|set| matches!(set, EmailSet::Done(_))).count(), 1, "{sets:?}");
        assert_eq!(world.scan("Credentials").await.len(), 1);
        assert_eq!(world.audited("set_email").await.len(), 1);
    }
}

// EM1 AU2
#[tokio::test(flavor = "multi_thread")]
async fn it_happens_whole_or_not_at_all() {
    let (world, user, _) = world_with_session().await;
    let (before, entries) = (world.everything().await, world.scan("Audit").await.len());
    let (action, kind) = ("TransactWriteItems", FaultKind::Broken);
    world.proxy.break_calls(Fault { action, table: "Audit", kind, times: 3 });
    assert!(set_email(&world, &user, NEW).await.is_err());
    world.proxy.mend();
    assert_eq!((world.everything().await, world.scan("Audit").await.len()), (before, entries));
    assert_eq!(world.queued("email_changed").await, 0);
    assert!(matches!(set_email(&world, &user, NEW).await, Ok(EmailSet::Done(_))));
}
