//! Changes of an e-mail beside other requests of the same moment.

use futures::future::join_all;
use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};
use shared::domain::{BcryptCost, HashMethod, PasswordHash, Status};

const WANTED: &str = "wanted@example.com";
const ROUNDS: usize = 3;

/// Each user's e-mail has a credential, and each credential its user with that e-mail.
async fn assert_whole_accounts(world: &World, accounts: usize) {
    let mut users: Vec<_> =
        world.scan("Users").await.iter().map(|u| (text(u, "email"), text(u, "user_id"))).collect();
    let mut credentials: Vec<_> =
        world.scan("Credentials").await.iter().map(|c| (text(c, "email"), text(c, "user_id"))).collect();
    users.sort();
    credentials.sort();
    assert_eq!(users, credentials);
    assert_eq!(users.len(), accounts);
}

/// A user's access token, and the token of the mail that the wanted address got.
async fn tokens_of(world: &World, email: &str, wanted: &str) -> (String, String) {
    let access = world.login(email, PASSWORD).await.text("access_token").to_owned();
    assert_eq!(world.change_email(&access, wanted, PASSWORD).await.status, 200);
    let token = world.token_mailed_to(wanted).await;
    (access, token)
}

// EM2 RG3
#[tokio::test(flavor = "multi_thread")]
async fn of_two_users_and_a_newcomer_who_want_one_address_one_gets_it() {
    for _ in 0..ROUNDS {
        let world = World::with(&[("REGISTRATION", "on"), ("RESET_MAIL_COOLDOWN_SECONDS", "0")]).await;
        world.create_user("ada@example.com").await;
        world.create_user("eve@example.com").await;
        let ada = tokens_of(&world, "ada@example.com", WANTED).await;
        let eve = tokens_of(&world, "eve@example.com", WANTED).await;
        world.register(WANTED).await;
        let newcomer = world.token_mailed_to(WANTED).await;

        let (ada, eve, newcomer) = futures::join!(
            world.confirm_email(&ada.0, &ada.1),
            world.confirm_email(&eve.0, &eve.1),
            world.verify_email(&newcomer, OTHER_PASSWORD),
        );

        let winners = [&ada, &eve, &newcomer].iter().filter(|answer| answer.status == 200).count();
        assert_eq!(winners, 1, "{ada:?} {eve:?} {newcomer:?}");
        assert_whole_accounts(&world, if newcomer.status == 200 { 3 } else { 2 }).await;
        let password = if newcomer.status == 200 { OTHER_PASSWORD } else { PASSWORD };
        assert_eq!(world.login(WANTED, password).await.status, 200);
    }
}

// EM2
#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_confirmations_of_one_link_one_moves_the_account() {
    for _ in 0..ROUNDS {
        let world = World::new().await;
        world.create_user("ada@example.com").await;
        let (access, token) = tokens_of(&world, "ada@example.com", WANTED).await;
        let answers = join_all((0..16).map(|_| world.confirm_email(&access, &token))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
        assert_whole_accounts(&world, 1).await;
        assert_eq!(world.queued("email_changed").await, 1);
        assert_eq!(world.audited("confirm_email").await.len(), 1);
    }
}

// EM1 EM3
#[tokio::test(flavor = "multi_thread")]
async fn of_a_move_and_a_new_password_at_once_none_is_half_done() {
    for _ in 0..ROUNDS {
        let world = World::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
        world.create_user("ada@example.com").await;
        let (access, token) = tokens_of(&world, "ada@example.com", WANTED).await;
        let reset = world.mailed_token("ada@example.com").await;

        let (moved, reset) =
            futures::join!(world.confirm_email(&access, &token), world.reset(&reset, OTHER_PASSWORD));

        assert!((moved.status == 200) != (reset.status == 200), "each voids the other: {moved:?} {reset:?}");
        assert_whole_accounts(&world, 1).await;
        let email = if moved.status == 200 { WANTED } else { "ada@example.com" };
        let (password, old) =
            if reset.status == 200 { (OTHER_PASSWORD, PASSWORD) } else { (PASSWORD, OTHER_PASSWORD) };
        assert_eq!(world.login(email, old).await.status, 401);
        assert_eq!(world.login(email, password).await.status, 200);
    }
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn logins_that_renew_the_hash_beside_a_move_harm_nothing() {
    for _ in 0..ROUNDS {
        let world = World::with(&[("BCRYPT_COST", "11"), ("LOCKOUT_ATTEMPTS", "50")]).await;
        world.create("ada@example.com", Status::Active, 11).await;
        let (access, token) = tokens_of(&world, "ada@example.com", WANTED).await;
        let cheap = PasswordHash::of(&PASSWORD.parse().expect("valid"), bcrypt_10());
        let cheap = cheap.expect("hashes").expose().to_owned();
        let cheap = aws_sdk_dynamodb::types::AttributeValue::S(cheap);
        world.set("Credentials", &[("email", "ada@example.com")], "password_hash", cheap).await;

        let logins = join_all((0..3).map(|_| world.login("ada@example.com", PASSWORD)));
        let move_in_a_while = async {
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
            world.confirm_email(&access, &token).await
        };
        let (_, moved) = futures::join!(logins, move_in_a_while);

        assert_eq!(moved.status, 200);
        assert_whole_accounts(&world, 1).await;
        assert_eq!(world.login(WANTED, PASSWORD).await.status, 200);
    }
}

// EM1 PW8
#[tokio::test(flavor = "multi_thread")]
async fn a_hash_that_is_renewed_late_is_not_given_to_who_has_the_address_now() {
    let world = World::with(&[("REGISTRATION", "on"), ("RESET_MAIL_COOLDOWN_SECONDS", "0")]).await;
    let ada = world.create_user("ada@example.com").await;
    let (access, token) = tokens_of(&world, "ada@example.com", WANTED).await;
    assert_eq!(world.confirm_email(&access, &token).await.status, 200);
    world.register("ada@example.com").await;
    let token = world.token_mailed_to("ada@example.com").await;
    assert_eq!(world.verify_email(&token, OTHER_PASSWORD).await.status, 200);

    // A login of Ada's that began before the move gets to the renewal of her hash only now.
    let adas = PasswordHash::of(&PASSWORD.parse().expect("valid"), bcrypt_10());
    let adas = adas.expect("hashes");
    let credentials = &world.app.store.credentials;
    credentials.rehash(&ada.email, ada.id, ada.password_version, &adas).await.expect("answers");

    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 200);
}

fn bcrypt_10() -> HashMethod {
    HashMethod::Bcrypt(BcryptCost::new(10).expect("a cost"))
}
