//! What people do with their accounts: each is one request, or a request and its mail.

use latchkey_local::inbox::Mail;
use serde_json::json;

use crate::{
    call::{Answer, Call},
    look::{Item, text},
    world::{World, token_in},
};

impl World {
    /// Changes the password of who holds the access token.
    pub async fn change_password(&self, access_token: &str, current: &str, new: &str) -> Answer {
        let body = json!({ "current_password": current, "new_password": new });
        self.send(Call::post("/auth/change-password", body).bearer(access_token)).await
    }

    /// Asks for another address.
    pub async fn change_email(&self, access_token: &str, new_email: &str, password: &str) -> Answer {
        let body = json!({ "new_email": new_email, "current_password": password });
        self.send(Call::post("/auth/change-email", body).bearer(access_token)).await
    }

    /// Shows the token of a mail to a new address.
    pub async fn confirm_email(&self, access_token: &str, token: &str) -> Answer {
        let call = Call::post("/auth/confirm-email", json!({ "token": token }));
        self.send(call.bearer(access_token)).await
    }

    /// Asks for an account.
    pub async fn register(&self, email: &str) -> Answer {
        self.send(Call::post("/auth/register", json!({ "email": email }))).await
    }

    /// Shows the token of a registration's mail.
    pub async fn verify_email(&self, token: &str, password: &str) -> Answer {
        let body = json!({ "token": token, "new_password": password });
        self.send(Call::post("/auth/verify-email", body)).await
    }

    /// Asks where one is logged in.
    pub async fn sessions(&self, access_token: &str) -> Answer {
        self.send(Call::get("/auth/sessions").bearer(access_token)).await
    }

    /// Ends a session by its id.
    pub async fn end_session(&self, access_token: &str, id: &str) -> Answer {
        self.send(Call::raw("DELETE", &format!("/auth/sessions/{id}")).bearer(access_token)).await
    }

    /// Logs in with a device token in the body.
    pub async fn login_on(&self, device_token: &str, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password, "device_token": device_token });
        self.send(Call::post("/auth/login", body)).await
    }

    /// Delivers all mails and takes the token out of the newest one to an address.
    pub async fn token_mailed_to(&self, email: &str) -> String {
        self.deliver_all().await;
        let mails = self.mails_to(email);
        token_in(mails.iter().find(|mail| mail.text.contains("#token=")).expect("a mail with a link"))
    }

    /// The mails that one address got, newest first.
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to == [email]).collect()
    }

    /// Delivers all mails; the subjects of those that one address has by now, newest first.
    pub async fn subjects_to(&self, email: &str) -> Vec<String> {
        self.deliver_all().await;
        self.mails_to(email).into_iter().map(|mail| mail.subject).collect()
    }

    /// The entries of the audit trail that tell of an event.
    pub async fn audited(&self, event: &str) -> Vec<Item> {
        self.scan("Audit").await.into_iter().filter(|row| text(row, "event") == event).collect()
    }

    /// How many mails of a kind were queued, delivered or not.
    pub async fn queued(&self, kind: &str) -> usize {
        self.scan("Outbox").await.iter().filter(|row| text(row, "kind") == kind).count()
    }
}
