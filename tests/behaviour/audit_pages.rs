//! The audit trail, read a page at a time.

use std::{collections::HashSet, time::Duration};

use latchkey_tests::{
    call::Call,
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::json;
use shared::{
    domain::{AuditEntry, Subject, Timestamp, User},
    store::AuditCursor,
};

const ADA: &str = "ada@example.com";
const HOUR: Duration = Duration::from_secs(3600);

/// Twelve logins, of which every second failed, seven hours apart: over four days.
async fn world_with_entries() -> (World, User) {
    let mut world = World::new().await;
    let user = world.create_user(ADA).await;
    for n in 0..12 {
        world.pass(7 * HOUR);
        world.login(ADA, if n % 2 == 0 { PASSWORD } else { OTHER_PASSWORD }).await;
    }
    (world, user)
}

/// All pages about a user, each of at most `limit` entries.
async fn pages_of(world: &World, subject: &Subject, since: Timestamp, limit: usize) -> Vec<Vec<AuditEntry>> {
    let (mut pages, mut cursor): (Vec<_>, Option<AuditCursor>) = (Vec::new(), None);
    loop {
        let page =
            world.app.store.audit.page_of(subject, since, cursor.as_ref(), limit).await.expect("reads");
        pages.push(page.entries);
        match page.next {
            // As it travels: a text.
            Some(next) => cursor = Some(next.to_string().parse().expect("our own cursor")),
            None => return pages,
        }
    }
}

/// All pages about everybody.
async fn pages(world: &World, since: Timestamp, limit: usize) -> Vec<Vec<AuditEntry>> {
    let (mut pages, mut cursor): (Vec<_>, Option<AuditCursor>) = (Vec::new(), None);
    loop {
        let page = world.app.store.audit.page(since, world.now, cursor.as_ref(), limit).await.expect("reads");
        pages.push(page.entries);
        match page.next {
            Some(next) => cursor = Some(next.to_string().parse().expect("our own cursor")),
            None => return pages,
        }
    }
}

fn assert_newest_first_and_once(entries: &[AuditEntry]) {
    assert!(entries.is_sorted_by(|one, next| one.at >= next.at));
    assert_eq!(entries.iter().map(|entry| entry.id.to_string()).collect::<HashSet<_>>().len(), entries.len());
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_every_size_have_each_entry_about_a_user_once() {
    let (world, user) = world_with_entries().await;
    let subject = Subject::UserId(user.id);
    let start = Timestamp::from_epoch_seconds(0);
    let all = pages_of(&world, &subject, start, 1000).await.concat();
    assert_eq!(all.len(), 13, "his account and 12 logins");
    for limit in [1, 2, 3, 5, 12, 13, 14] {
        let pages = pages_of(&world, &subject, start, limit).await;
        assert!(pages.iter().all(|page| page.len() <= limit));
        assert_eq!(pages.concat(), all, "{limit} on a page");
    }
    assert_newest_first_and_once(&all);
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_every_size_have_each_entry_about_everybody_once_over_days() {
    let (mut world, _) = world_with_entries().await;
    world.create_user("eve@example.com").await;
    world.login("nobody@example.com", PASSWORD).await;
    world.pass(50 * 24 * HOUR);
    world.login("eve@example.com", PASSWORD).await;
    let start = world.now - 70 * 24 * HOUR;
    let all = pages(&world, start, 1000).await.concat();
    assert_eq!(all.len(), world.scan("Audit").await.len());
    for limit in [1, 2, 3, 5, 16, 17] {
        let pages = pages(&world, start, limit).await;
        assert!(pages.iter().all(|page| page.len() <= limit));
        assert_eq!(pages.concat(), all, "{limit} on a page");
    }
    assert_newest_first_and_once(&all);
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn entries_before_since_are_not_shown() {
    let (world, user) = world_with_entries().await;
    let since = world.now - 21 * HOUR;
    for entries in [
        pages_of(&world, &Subject::UserId(user.id), since, 2).await.concat(),
        pages(&world, since, 2).await.concat(),
    ] {
        assert_eq!(entries.len(), 4, "{entries:?}");
        assert!(entries.iter().all(|entry| entry.at >= since));
    }
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn entries_of_one_second_are_all_shown() {
    let world = World::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
    let user = world.create_user(ADA).await;
    futures::future::join_all((0..9).map(|_| world.login(ADA, OTHER_PASSWORD))).await;
    let start = world.now;
    for limit in [1, 4, 9, 10] {
        for pages in [
            pages_of(&world, &Subject::UserId(user.id), start, limit).await,
            pages(&world, start, limit).await,
        ] {
            let all = pages.concat();
            assert_eq!(all.len(), 10, "{limit} on a page");
            assert_newest_first_and_once(&all);
        }
    }
}

// AU3 AU4
#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_with_an_unknown_email_is_found_by_who_knows_it() {
    let world = World::new().await;
    world.login("Nobody@example.com", PASSWORD).await;
    let email: shared::domain::Email = "nobody@example.com".parse().expect("valid");
    let found = pages_of(&world, &Subject::EmailHash(email.hash()), world.now, 10).await.concat();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].event, "login");
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_reads_as_it_was_written() {
    let world = World::new().await;
    let user = world.create_user(ADA).await;
    let call = Call::post("/auth/login", json!({ "email": ADA, "password": PASSWORD }));
    world.send(call.header("user-agent", "curl/8.14.1").from("2001:db8::7")).await;
    let found = pages_of(&world, &Subject::UserId(user.id), world.now, 10).await.concat();
    let login = found.iter().find(|entry| entry.event == "login").expect("the login");
    assert_eq!(
        serde_json::to_value(login).expect("JSON"),
        json!({
            "id": login.id, "at": "2027-01-15T08:00:00Z", "event": "login", "outcome": "success", "reason": null,
            "user_id": user.id, "email_hash": null, "key_id": null, "actor": null, "change": null, "former_email_hash": null,
            "session_id": login.session_id,
            "address": "2001:db8::7", "user_agent": "curl/8.14.1", "request_id": "test-request",
        })
    );
}
