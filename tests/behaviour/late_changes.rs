//! Changes of an account that was changed between the look and the write: each condition of their transactions alone.

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::Call,
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;
use shared::{
    domain::{PasswordHash, Status, UserId, VerificationToken},
    error::Error,
    event::Event,
    store::{AttemptKey, EmailChange, PasswordChange},
};

const ADA: &str = "ada@example.com";
const NEW: &str = "ada.new@example.com";

/// One user who is logged in, and has links for a reset and a new address.
struct Ada {
    world: World,
    id: UserId,
    session: String,
    access_token: String,
    refresh_token: String,
    reset: String,
    confirm: String,
}

impl Ada {
    async fn new() -> Self {
        let world = World::new().await;
        let id = world.create_user(ADA).await.id;
        let login = world.login(ADA, PASSWORD).await;
        let session = text(&world.only("Sessions").await, "session_id");
        let reset = world.mailed_token(ADA).await;
        world.change_email(login.text("access_token"), NEW, PASSWORD).await;
        let confirm = world.token_mailed_to(NEW).await;
        let [access_token, refresh_token] =
            ["access_token", "refresh_token"].map(|t| login.text(t).to_owned());
        Self { world, id, session, access_token, refresh_token, reset, confirm }
    }

    async fn log_out(&self, everywhere: bool) {
        let body = json!({ "refresh_token": self.refresh_token, "everywhere": everywhere });
        assert_eq!(self.world.send(Call::post("/auth/logout", body)).await.status, 204);
    }

    /// One attribute alone, as no request of ours changes it.
    async fn set(&self, table: &str, attribute: &str, value: AttributeValue) {
        let id = self.id.to_string();
        let key = match table {
            "Credentials" => vec![("email", ADA)],
            "Users" => vec![("user_id", id.as_str())],
            _ => vec![("user_id", id.as_str()), ("session_id", self.session.as_str())],
        };
        self.world.set(table, &key, attribute, value).await;
    }

    async fn meanwhile(&self, what: &str) {
        let number = |number: i64| AttributeValue::N(number.to_string());
        let store = &self.world.app.store;
        match what {
            "reset" => _ = self.world.reset(&self.reset, OTHER_PASSWORD).await,
            "everywhere" => self.log_out(true).await,
            "logout" => self.log_out(false).await,
            "disabled" => _ = self.world.set_status(self.id, Status::Inactive).await,
            "moved" => _ = self.world.confirm_email(&self.access_token, &self.confirm).await,
            "ended by an admin" => {
                let entry = self.world.entry("end_sessions", self.id);
                assert!(store.end_sessions(self.id, &entry).await.expect("writes"));
            }
            "session expired" => {
                self.set("Sessions", "expires_at", number(self.world.now.epoch_seconds())).await;
            }
            "hash of another version" => self.set("Credentials", "password_version", number(2)).await,
            "credential of another user" => {
                let other = AttributeValue::S(shared::domain::UserId::generate().to_string());
                self.set("Credentials", "user_id", other).await;
            }
            "user of another version" => self.set("Users", "password_version", number(2)).await,
            "inactive alone" => self.set("Users", "status", AttributeValue::S("inactive".to_owned())).await,
            "another address alone" => {
                self.set("Users", "email", AttributeValue::S("x@example.com".to_owned())).await;
            }
            "link expired" => {
                let token: VerificationToken = self.confirm.parse().expect("a token");
                let (hash, now) = (token.hash(), number(self.world.now.epoch_seconds()));
                let key = [("token_hash", hash.as_str())];
                self.world.set("EmailVerifications", &key, "expires_at", now).await;
            }
            "taken" => _ = self.world.create_user(NEW).await,
            unknown => panic!("{unknown}?"),
        }
    }
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_password_change_that_comes_too_late_changes_nothing() {
    for what in [
        "reset",
        "everywhere",
        "logout",
        "disabled",
        "moved",
        "ended by an admin",
        "session expired",
        "hash of another version",
        "credential of another user",
        "user of another version",
        "inactive alone",
    ] {
        let ada = Ada::new().await;
        let store = &ada.world.app.store;
        let user = store.users.get(ada.id).await.expect("reads").expect("Ada");
        ada.meanwhile(what).await;
        let before = ada.world.everything().await;

        let change = PasswordChange {
            user: &user,
            session_id: ada.session.parse().expect("an id"),
            attempts: &AttemptKey::Email(user.email.hash()),
            new_hash: &PasswordHash::from_stored("$2b$10$never-stored".to_owned()),
            entry: &Event::success("change_password").user(user.id).entry_without_caller(ada.world.now),
        };
        let changed = store.change_password(change).await;

        let is_told = matches!(changed, Err(Error::InvalidAccessToken | Error::Conflict(_)));
        assert!(is_told, "{what}: {changed:?}");
        assert_eq!(ada.world.everything().await, before, "{what}");
        assert!(ada.world.audited("change_password").await.is_empty(), "{what}");
    }
}

// EM1 EM2 EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_comes_too_late_moves_nothing() {
    for what in [
        "reset",
        "disabled",
        "moved",
        "taken",
        "link expired",
        "hash of another version",
        "credential of another user",
        "inactive alone",
        "another address alone",
    ] {
        let ada = Ada::new().await;
        let store = &ada.world.app.store;
        let user = store.users.get(ada.id).await.expect("reads").expect("Ada");
        let credential = store.credentials.get(&user.email).await.expect("reads").expect("Ada's");
        let token: VerificationToken = ada.confirm.parse().expect("a token");
        let pending = store.email_verifications.get(&token, ada.world.now).await.expect("reads");
        ada.meanwhile(what).await;
        let before = ada.world.everything().await;
        let told = ada.world.queued("email_changed").await;

        let change = EmailChange {
            user: &user,
            credential: &credential,
            pending: &pending.expect("it is live"),
            entry: &Event::success("confirm_email").user(user.id).entry_without_caller(ada.world.now),
        };
        assert!(!store.change_email(change).await.expect("answers"), "{what}");

        assert_eq!(ada.world.everything().await, before, "{what}");
        assert_eq!(ada.world.queued("email_changed").await, told, "{what}");
    }
}
