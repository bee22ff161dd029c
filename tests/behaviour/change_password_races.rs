//! Changes of a password beside other requests of the same moment.

use futures::future::join_all;
use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};
use shared::store::Rotation;

const ADA: &str = "ada@example.com";
const ROUNDS: usize = 3;

/// As many attempts as the tests make: none is about the lock.
async fn world_with_user() -> World {
    let world = World::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
    world.create_user(ADA).await;
    world
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn of_ten_parallel_changes_one_wins_and_only_its_password_logs_in() {
    for _ in 0..ROUNDS {
        let world = world_with_user().await;
        let access = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
        let passwords: Vec<_> = (0..10).map(|n| format!("Tundra-Violin-{n}")).collect();

        let changes = passwords.iter().map(|password| world.change_password(&access, PASSWORD, password));
        let answers = join_all(changes).await;

        let winners: Vec<_> = (0..10).filter(|n| answers[*n].status == 200).collect();
        assert_eq!(winners.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|a| [200, 401, 409, 422, 503].contains(&a.status)), "{answers:?}");
        let logins = join_all(passwords.iter().map(|password| world.login(ADA, password))).await;
        for (n, login) in logins.iter().enumerate() {
            assert_eq!(login.status == 200, n == winners[0]);
        }
        assert_eq!(world.login(ADA, PASSWORD).await.status, 401);
        assert_eq!(world.me(answers[winners[0]].text("access_token")).await.status, 200);
        assert_eq!(
            (
                world.queued("password_changed").await,
                world
                    .audited("change_password")
                    .await
                    .iter()
                    .filter(|row| text(row, "outcome") == "success")
                    .count()
            ),
            (1, 1)
        );
    }
}

// RT11 RS3
#[tokio::test(flavor = "multi_thread")]
async fn of_a_change_and_a_reset_at_once_the_password_is_that_of_one_that_succeeded() {
    for _ in 0..ROUNDS {
        let world = world_with_user().await;
        let access = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
        let token = world.mailed_token(ADA).await;

        let (change, reset) = futures::join!(
            world.change_password(&access, PASSWORD, OTHER_PASSWORD),
            world.reset(&token, "Marble-Anchor-63"),
        );

        assert!(change.status == 200 || reset.status == 200, "{change:?} {reset:?}");
        assert!(change.status != 200 || reset.status != 200, "each voids the other: {change:?} {reset:?}");
        assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status == 200, change.status == 200);
        assert_eq!(world.login(ADA, "Marble-Anchor-63").await.status == 200, reset.status == 200);
        let versions = [
            text(&world.only("Users").await, "password_version"),
            text(&world.only("Credentials").await, "password_version"),
        ];
        assert_eq!(versions, ["2", "2"]);
    }
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn logins_with_the_old_password_during_a_change_leave_no_session_behind() {
    for _ in 0..ROUNDS {
        let world = world_with_user().await;
        let access = world.login(ADA, PASSWORD).await.text("access_token").to_owned();

        let change = world.change_password(&access, PASSWORD, OTHER_PASSWORD);
        let logins = join_all((0..8).map(|n| {
            let world = &world;
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(20 * n)).await;
                world.login(ADA, PASSWORD).await
            }
        }));
        let (change, logins) = futures::join!(change, logins);

        assert_eq!(change.status, 200);
        for login in logins.iter().filter(|login| login.status == 200) {
            assert_eq!(world.refresh(login.text("refresh_token")).await.status, 401);
            assert_eq!(world.me(login.text("access_token")).await.status, 401);
        }
    }
}

// RT11 RT2
#[tokio::test(flavor = "multi_thread")]
async fn refreshes_of_other_tabs_during_a_change_do_not_end_the_session() {
    for _ in 0..ROUNDS {
        let world = world_with_user().await;
        let login = world.login(ADA, PASSWORD).await;
        let token = login.text("refresh_token");

        let change = world.change_password(login.text("access_token"), PASSWORD, OTHER_PASSWORD);
        let refreshes = join_all((0..30).map(|n| {
            let world = &world;
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(10 * n)).await;
                world.refresh(token).await
            }
        }));
        let (change, refreshes) = futures::join!(change, refreshes);

        assert_eq!(change.status, 200);
        assert!(refreshes.iter().all(|refresh| refresh.status == 200));
        assert_eq!(world.refresh(refreshes[0].text("refresh_token")).await.status, 200, "the session lives");
    }
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_read_the_user_before_the_change_does_not_end_the_session() {
    let world = world_with_user().await;
    let login = world.login(ADA, PASSWORD).await;
    let session: shared::domain::SessionId =
        text(&world.only("Sessions").await, "session_id").parse().expect("an id");
    let id = text(&world.only("Users").await, "user_id").parse().expect("an id");
    let read_before = world.app.store.users.get(id).await.expect("reads").expect("Ada");
    world.change_password(login.text("access_token"), PASSWORD, OTHER_PASSWORD).await;

    let rotation = world.app.store.sessions.rotate(&read_before, session, 0, world.now).await;

    assert_eq!(rotation.expect("answers"), Rotation::UserIsOutdated);
    assert_eq!(world.refresh(login.text("refresh_token")).await.status, 200);
}
