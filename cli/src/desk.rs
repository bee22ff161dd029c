//! What a command has in its hands: the settings, the tables, and who is at work.

use std::cell::Cell;

use shared::{
    caller::Caller,
    config::Config,
    domain::{Actor, AuditEntry, ClientAddress, Email, Timestamp, User, UserId},
    event::Event,
    store::Store,
};

use crate::{
    failure::Failure,
    output::remark,
    place::Place,
    values::{OperatorName, Person},
};

/// How the command names itself where browsers do.
const USER_AGENT: &str = concat!("latchkey/", env!("CARGO_PKG_VERSION"));

/// The settings, the tables, and who is at work.
pub struct Desk {
    /// The settings in force.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// When the command was started.
    pub now: Timestamp,
    operator: Actor,
    /// Whether the operator is yet to be told that the trail has no name.
    is_nameless: Cell<bool>,
}

impl Desk {
    /// Opens the tables. Errors: a setting is bad, or no region is known.
    pub async fn open(place: &Place, operator: Option<&OperatorName>) -> Result<Self, Failure> {
        let (config, _) = place.settings()?;
        let store = place.open(&config).await?;
        let name = operator.cloned().or_else(name_of_the_shell);
        let is_nameless = Cell::new(name.is_none());
        let OperatorName(name) = name.unwrap_or_else(|| OperatorName("unknown".to_owned()));
        let operator = Actor::Operator(name);
        Ok(Self { config, store, now: Timestamp::now(), operator, is_nameless })
    }

    /// The e-mail that is meant, somebody's or not; of an id, the one that its user has now. Errors: nobody has the id.
    pub async fn email(&self, person: &Person) -> Result<Email, Failure> {
        match person {
            Person::Email(email) => Ok(email.clone()),
            Person::Id(id) => self.store.users.get(*id).await?.map(|user| user.email).ok_or_else(|| {
                Failure::Refused(format!(
                    "no user has the id {id}. `latchkey audit --user {id}` shows what happened to one who was deleted."
                ))
            }),
        }
    }

    /// Whose e-mail it is. Errors: nobody's.
    pub async fn find(&self, email: &Email) -> Result<UserId, Failure> {
        match self.store.credentials.find_user(email).await? {
            Some(id) => Ok(id),
            None => Err(self.nobody(email).await?),
        }
    }

    /// Nobody has the e-mail, but perhaps somebody had.
    async fn nobody(&self, email: &Email) -> Result<Failure, Failure> {
        let Some(id) = self.store.audit.former_owners(&email.hash()).await?.into_iter().next() else {
            return Ok(Failure::Refused(format!(
                "no user has the e-mail {email}. `latchkey user list` shows all; --stack and --region say where to \
                 look."
            )));
        };
        let now = match self.store.users.get(id).await? {
            Some(user) => format!("was {id}, who has {} now", user.email),
            None => format!("was {id}, who was deleted"),
        };
        Ok(Failure::Refused(format!(
            "no user has the e-mail {email}. The last who had it {now}: `latchkey audit --user {email}`."
        )))
    }

    /// Whose e-mail it is, as the user is now. Errors: nobody's.
    pub async fn user(&self, email: &Email) -> Result<User, Failure> {
        let id = self.find(email).await?;
        self.store.users.get(id).await?.ok_or_else(|| half_gone(email, id))
    }

    /// What the audit trail shall say of something that is done now. Now, not at the start: a confirmation takes its
    /// time.
    pub fn entry(&self, event: Event) -> AuditEntry {
        if self.is_nameless.take() {
            remark(
                "The audit trail will call you \"unknown\": say who you are with --operator or LATCHKEY_OPERATOR.",
            );
        }
        event.by(self.operator.clone()).entry(&Caller {
            now: Timestamp::now(),
            request_id: String::new(),
            address: ClientAddress::NONE,
            user_agent: Some(USER_AGENT.to_owned()),
            bearer_token: None,
            refresh_cookie: None,
            device_cookie: None,
        })
    }
}

/// Whose shell it is, for who gave no --operator. Containers and cron often have no USER.
#[expect(clippy::disallowed_methods, reason = "it is no setting of Latchkey's")]
fn name_of_the_shell() -> Option<OperatorName> {
    std::env::var("USER").ok().and_then(|name| name.parse().ok())
}

/// A credential whose user is gone: rows that someone deleted by hand.
pub fn half_gone(email: &Email, id: UserId) -> Failure {
    Failure::Refused(format!(
        "{email} belongs to the user {id}, who is not in the table Users. Restore that row, or delete the e-mail's \
         row in the table Credentials."
    ))
}
