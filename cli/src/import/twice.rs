//! Who stands in a file twice, for a dry run, which has no tables to ask.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use shared::domain::{Email, UserId};

use super::records::Whereabouts;

/// Where which e-mails and ids were first. In place of each stands a hash of eight bytes, so that 100,000 users take 5 MB,
/// however long their e-mails are. That two of a million share one is less likely than one in ten million.
#[derive(Default)]
pub struct Seen {
    emails: HashMap<u64, u64>,
    ids: HashMap<u64, u64>,
    hash: RandomState,
}

impl Seen {
    /// Enters a user, who comes; or `false`, as one who stood there with the same e-mail and id. Errors: the e-mail or the
    /// id is that of somebody else.
    pub fn enter(&mut self, email: &Email, id: UserId, at: Whereabouts) -> Result<bool, String> {
        let email_hash = self.hash.hash_one(email.as_str());
        let id_hash = self.hash.hash_one(id.to_string());
        let first = |number: &u64| match at.user {
            Some(_) => format!("user {number}"),
            None => format!("line {number}"),
        };
        match (self.emails.get(&email_hash), self.ids.get(&id_hash)) {
            (Some(email), Some(id)) if email == id => return Ok(false),
            (_, Some(other)) => {
                return Err(format!("the account {id} has another e-mail, that of {}", first(other)));
            }
            (Some(other), None) => {
                return Err(format!("the e-mail is that of another account, that of {}", first(other)));
            }
            (None, None) => {}
        }
        let number = at.user.unwrap_or(at.line);
        self.emails.insert(email_hash, number);
        self.ids.insert(id_hash, number);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // MV3
    #[test]
    fn an_e_mail_or_an_id_that_was_there_with_another_is_refused_and_the_same_user_is_not() {
        let mut seen = Seen::default();
        let mut enter = |email: &str, id: &UserId, line| {
            let email = email.parse().expect("an e-mail");
            seen.enter(&email, *id, Whereabouts { line, user: None })
        };
        let [ada, bob, other] = [(); 3].map(|()| UserId::generate());
        assert_eq!(enter("ada@example.com", &ada, 2), Ok(true));
        assert_eq!(enter("bob@example.com", &bob, 3), Ok(true));
        assert_eq!(enter("ada@example.com", &ada, 4), Ok(false));
        let reason = enter("ada@example.com", &other, 5).expect_err("a refusal");
        assert_eq!(reason, "the e-mail is that of another account, that of line 2");
        for email in ["eve@example.com", "ada@example.com"] {
            let reason = enter(email, &bob, 6).expect_err("a refusal");
            assert_eq!(reason, format!("the account {bob} has another e-mail, that of line 3"));
        }
        assert_eq!(enter("eve@example.com", &other, 7), Ok(true), "who is refused has taken nothing");
        let at = Whereabouts { line: 1, user: Some(3) };
        let mut seen = Seen::default();
        let email = "ada@example.com".parse().expect("an e-mail");
        assert_eq!(seen.enter(&email, ada, at), Ok(true));
        assert!(seen.enter(&email, bob, at).is_err_and(|reason| reason.ends_with("that of user 3")));
    }
}
