//! Many at once: what must happen once happens once.

use std::collections::HashSet;

use futures::future::join_all;
use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};

const ROUNDS: usize = 8;
/// Where a round is seconds of bcrypt.
const COSTLY_ROUNDS: usize = 4;

// LG5
#[tokio::test(flavor = "multi_thread")]
async fn fifty_parallel_wrong_guesses_get_five_checks() {
    for _ in 0..ROUNDS {
        let world = World::new().await;
        world.create_user("ada@example.com").await;
        let answers = join_all((0..50).map(|_| world.login("ada@example.com", OTHER_PASSWORD))).await;

        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(401), count(403)), (5, 45));
        assert_eq!(
            world.proxy.count("GetItem", "Users"),
            5,
            "the user is read beside each check, and never else"
        );
        let attempts = world.only("Lockouts").await["attempts"].as_bs().expect("a set").len();
        assert_eq!(attempts, 5);
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 403);
    }
}

// LG5
#[tokio::test(flavor = "multi_thread")]
async fn fifty_parallel_guesses_as_a_window_ends_get_five_checks_too() {
    for _ in 0..ROUNDS {
        let mut world = World::new().await;
        world.create_user("ada@example.com").await;
        join_all((0..5).map(|_| world.login("ada@example.com", OTHER_PASSWORD))).await;
        world.pass(std::time::Duration::from_secs(1800));

        let answers = join_all((0..50).map(|_| world.login("ada@example.com", OTHER_PASSWORD))).await;

        let checked = answers.iter().filter(|answer| answer.status == 401).count();
        assert_eq!(checked, 5);
    }
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_parallel_refreshes_of_one_token_get_one_successor() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    let mut token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    for counter in 1..=ROUNDS {
        let answers = join_all((0..32).map(|_| world.refresh(&token))).await;

        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [200; 32]);
        let successors: HashSet<_> = answers.iter().map(|answer| answer.text("refresh_token")).collect();
        assert_eq!(successors.len(), 1);
        assert_eq!(text(&world.only("Sessions").await, "counter"), counter.to_string());
        token = answers[0].text("refresh_token").to_owned();
        world.pass(std::time::Duration::from_secs(11));
    }
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn ten_tabs_that_share_a_cookie_and_refresh_as_they_like_stay_signed_in() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    let cookie = std::sync::Mutex::new(token);
    join_all((0..10).map(|_| async {
        for _ in 0..8 {
            let token = cookie.lock().expect("whole").clone();
            let answer = world.refresh(&token).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            *cookie.lock().expect("whole") = answer.text("refresh_token").to_owned();
        }
    }))
    .await;
    assert_eq!(text(&world.only("Sessions").await, "counter"), "1");
}

// RS3
#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_parallel_resets_have_one_winner_and_only_its_password_logs_in() {
    for _ in 0..COSTLY_ROUNDS {
        let world = World::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
        world.create_user("ada@example.com").await;
        let token = world.mailed_token("ada@example.com").await;
        let passwords: Vec<_> = (0..32).map(|n| format!("Tundra-Violin-{n}")).collect();

        let answers = join_all(passwords.iter().map(|password| world.reset(&token, password))).await;

        let winners: Vec<_> = (0..32).filter(|n| answers[*n].status == 200).collect();
        assert_eq!(winners.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|answer| [200, 400].contains(&answer.status)));
        let logins =
            join_all(passwords.iter().map(|password| world.login("ada@example.com", password))).await;
        for (n, login) in logins.iter().enumerate() {
            assert_eq!(login.status == 200, n == winners[0]);
        }
        assert_eq!(text(&world.only("Users").await, "generation"), "1");
        let notices =
            world.scan("Outbox").await.iter().filter(|row| text(row, "kind") == "password_changed").count();
        assert_eq!(notices, 1);
    }
}

// RS4
#[tokio::test(flavor = "multi_thread")]
async fn logins_with_the_old_password_during_a_reset_leave_no_session_behind() {
    for _ in 0..COSTLY_ROUNDS {
        let world = World::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
        world.create_user("ada@example.com").await;
        let token = world.mailed_token("ada@example.com").await;

        let reset = world.reset(&token, OTHER_PASSWORD);
        let logins = join_all((0..12).map(|n| {
            let world = &world;
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(20 * n)).await;
                world.login("ada@example.com", PASSWORD).await
            }
        }));
        let (reset, logins) = futures::join!(reset, logins);

        assert_eq!(reset.status, 200);
        for login in logins.iter().filter(|login| login.status == 200) {
            assert_eq!(world.refresh(login.text("refresh_token")).await.status, 401);
            assert_eq!(world.me(login.text("access_token")).await.status, 401);
        }
    }
}

// RS9
#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_parallel_requests_for_a_reset_send_one_mail() {
    for _ in 0..COSTLY_ROUNDS {
        let world = World::with(&[("FORGOT_LIMIT_PER_ADDRESS", "1000")]).await;
        world.create_user("ada@example.com").await;
        join_all((0..32).map(|_| world.forgot("ada@example.com"))).await;
        world.deliver_all().await;
        assert_eq!(world.mails().len(), 1);
    }
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn parallel_requests_of_one_address_are_all_counted() {
    for _ in 0..COSTLY_ROUNDS {
        let world = World::with(&[("LOGIN_LIMIT_PER_ADDRESS", "10")]).await;
        let emails: Vec<_> = (0..32).map(|n| format!("user{n}@example.com")).collect();
        let answers = join_all(emails.iter().map(|email| world.login(email, PASSWORD))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 10);
    }
}
