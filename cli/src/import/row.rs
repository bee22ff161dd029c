//! A user as a source tells of them, in words that are the same for all sources, and the account that becomes of it.

use shared::domain::{
    Account, Email, Name, Newcomer, Origin, PasswordHash, Role, Status, Timestamp, User, UserId,
};

use super::{
    args::{Unsupported, Unverified},
    formats::is_own,
    moment::moment,
};

/// A user as a source tells of them. It has no Debug: there may be a hash in it.
#[derive(Default)]
pub struct Row {
    /// The source's own id.
    pub id: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub role: Option<String>,
    pub status: Option<String>,
    pub created_at: Option<String>,
    pub last_login: Option<String>,
    /// In a form that [`PasswordHash::foreign`] takes; or why it is in none.
    pub hash: Option<Result<String, &'static str>>,
    /// Whether the e-mail was proved; `None` where the source does not tell.
    pub is_verified: Option<bool>,
    /// What a user without a hash was called, if that is not the e-mail.
    pub username: Option<String>,
    /// What only our own exports tell.
    pub own: Own,
}

/// What only our own exports tell.
#[derive(Default)]
pub struct Own {
    pub password_changed_at: Option<String>,
    pub password_version: Option<String>,
    pub must_reset: Option<String>,
}

/// What the operator decided for rows that are not as they should be.
#[derive(Clone, Copy)]
pub struct Rules {
    pub unverified: Unverified,
    pub unsupported: Unsupported,
    /// The time of the import: when accounts were made whose source does not tell.
    pub now: Timestamp,
}

/// What counts passwords of one user never comes near it.
const MOST: u64 = 1_000_000_000;

/// As long as an e-mail; Cognito's own have 128 characters at most.
const LONGEST_USERNAME: usize = 254;

impl Row {
    /// The account. Errors: why there can be none, in words for the operator.
    pub fn account(mut self, origin: Origin, rules: Rules) -> Result<Account, String> {
        let email = self.email.as_deref().ok_or("has no e-mail")?;
        let email: Email = email.parse().map_err(|error| format!("email {error}"))?;
        let id = self.user_id(origin, &email);
        let hash = self.take_hash(rules)?;
        // Some sources call users by their e-mail who gave no name.
        let is_made_up = |name: &str| origin != Origin::Latchkey && name.eq_ignore_ascii_case(email.as_str());
        let name = self.name.as_deref().map(str::trim).filter(|name| !name.is_empty() && !is_made_up(name));
        let name =
            name.map(|name| name.parse::<Name>().map_err(|error| format!("name {error}"))).transpose()?;

        let number = |text: &Option<String>, what: &str| match text {
            Some(text) => {
                let number = text.parse().ok().filter(|number: &u64| *number <= MOST);
                number.map(Some).ok_or_else(|| format!("{what} must be a whole number up to {MOST}"))
            }
            None => Ok(None),
        };
        let version: Option<u64> = number(&self.own.password_version, "password_version")?;
        let user = User {
            id,
            name: name.map(String::from),
            role: word(self.role.as_deref(), "role")?.unwrap_or(Role::Member),
            status: word(self.status.as_deref(), "status")?.unwrap_or(Status::Active),
            created_at: time(self.created_at.as_deref(), "created_at")?.unwrap_or(rules.now),
            last_login: time(self.last_login.as_deref(), "last_login")?,
            // Above all that a user of this id had here: who was deleted and comes back has no session of before.
            generation: rules.now.epoch_seconds().unsigned_abs(),
            password_version: if hash.is_some() { version.unwrap_or(1).max(1) } else { 0 },
            email,
        };
        let newcomer =
            if hash.is_some() { None } else { self.newcomer(origin, version, &user.email, rules)? };
        let password_changed_at = time(self.own.password_changed_at.as_deref(), "password_changed_at")?;
        Ok(Account { user, password_hash: hash, password_changed_at, newcomer })
    }

    /// The source's own id where it is one like ours, so that what refers to it still does; else one that is made of all
    /// that the row says, so that the same row is the same user each time, and another row is not.
    fn user_id(&self, origin: Origin, email: &Email) -> UserId {
        let kept = self.id.as_deref().and_then(|id| id.to_ascii_lowercase().parse().ok());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        kept.unwrap_or_else(|| {
            let hash = match &self.hash {
                Some(Ok(hash)) => hash,
                _ => "",
            };
            let said = [&self.id, &self.name, &self.role, &self.status, &self.created_at, &self.last_login];
            let said = said.map(text).join("\n");
            // Those of our own are one: the same file is read in the same way as either.
            let origin = if is_own(origin) { Origin::Csv } else { origin };
            UserId::of_import(&format!("latchkey import\n{origin}\n{email}\n{said}\n{hash}"))
        })
    }

    fn take_hash(&mut self, rules: Rules) -> Result<Option<PasswordHash>, String> {
        if self.is_verified == Some(false) && rules.unverified == Unverified::Refuse {
            return Err("the e-mail was never proved to be the user's; see --unverified".to_owned());
        }
        // A reset mail proves the address; whoever registered it elsewhere may have had another's.
        if self.must_prove_address(rules) {
            return Ok(None);
        }
        let hash = match self.hash.take() {
            None => None,
            Some(Ok(text)) => Some(PasswordHash::foreign(&text).map_err(|error| error.to_string())),
            Some(Err(reason)) => Some(Err(reason.to_owned())),
        };
        match hash {
            Some(Err(_)) if rules.unsupported == Unsupported::Reset => Ok(None),
            Some(Err(reason)) => Err(format!("password hash {reason}")),
            Some(Ok(hash)) => Ok(Some(hash)),
            None => Ok(None),
        }
    }

    fn must_prove_address(&self, rules: Rules) -> bool {
        self.is_verified == Some(false) && rules.unverified == Unverified::Reset
    }

    /// The mark of who has no hash; none on those who were invited here and chose no password yet.
    fn newcomer(
        &mut self,
        origin: Origin,
        version: Option<u64>,
        email: &Email,
        rules: Rules,
    ) -> Result<Option<Newcomer>, String> {
        let marked: Option<Origin> = word(self.own.must_reset.as_deref(), "must_reset")?;
        let was_invited = version == Some(0) && marked.is_none();
        let origin = marked.unwrap_or(origin);
        // The mail alone may prove the address: Cognito would say yes to whoever registered it there.
        if self.must_prove_address(rules) && origin == Origin::Cognito {
            return Ok(Some(Newcomer { origin: Origin::Latchkey, username: None }));
        }
        let username = self.username.take().filter(|name| name != email.as_str());
        let is_name =
            |name: &String| name.chars().count() <= LONGEST_USERNAME && !name.chars().any(char::is_control);
        if !username.iter().all(is_name) {
            return Err(format!("username must have at most {LONGEST_USERNAME} printable characters"));
        }
        Ok((!was_invited).then_some(Newcomer { origin, username }))
    }
}

fn word<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: Option<&str>,
    what: &str,
) -> Result<Option<T>, String> {
    text.map(|text| text.parse().map_err(|error| format!("{what} {error}"))).transpose()
}

fn time(text: Option<&str>, what: &str) -> Result<Option<Timestamp>, String> {
    let parsed =
        text.map(|text| moment(text).ok_or(format!("{what} must be a time such as 2026-11-23T13:54:38Z")));
    parsed.transpose()
}
