//! The people of a world: accounts as an operator makes and changes them.

use shared::{
    domain::{
        Account, Actor, AuditEntry, BcryptCost, Email, HashMethod, Newcomer, Origin, Password, PasswordHash,
        Role, Status, User, UserId,
    },
    event::Event,
    store::{Arrival, Arrived, Change, Import, UserChange, UserCreation, Witness},
};

use crate::world::{PASSWORD, World};

impl World {
    /// Makes an active member with [`PASSWORD`].
    pub async fn create_user(&self, email: &str) -> User {
        self.create(email, Status::Active, 10).await
    }

    /// Makes an active user of a role with [`PASSWORD`].
    pub async fn create_with_role(&self, email: &str, role: Role) -> User {
        let user = self.create_user(email).await;
        self.set_role(user.id, role).await
    }

    /// Gives a user another role.
    pub async fn set_role(&self, id: UserId, role: Role) -> User {
        self.change(id, UserChange { role: Some(role), ..UserChange::default() }).await
    }

    /// Makes a user whose password was hashed with a given cost.
    pub async fn create(&self, email: &str, status: Status, cost: u32) -> User {
        self.create_with_password(email, PASSWORD, status, cost).await
    }

    /// As [`World::create`], with another password.
    pub async fn create_with_password(&self, email: &str, password: &str, status: Status, cost: u32) -> User {
        let password: Password = password.parse().expect("valid");
        let method = HashMethod::Bcrypt(BcryptCost::new(cost).expect("a cost"));
        let hash = PasswordHash::of(&password, method).expect("hashes");
        let email: Email = email.parse().expect("valid");
        let user = User::new(email, Some("Ada Lovelace".to_owned()), Role::Member, self.now);
        let user = User { status, ..user };
        let entry = self.entry("create_user", user.id);
        let created = self.app.store.create_user(&user, UserCreation::WithPassword(hash), &entry).await;
        assert!(created.expect("creates"));
        User { password_version: 1, ..user }
    }

    /// Makes an account whose owner is invited to choose a password.
    pub async fn invite(&self, email: &str, role: Role) -> User {
        let user = User::new(email.parse().expect("valid"), None, role, self.now);
        let entry = self.entry("create_user", user.id);
        let created = self.app.store.create_user(&user, UserCreation::WithInvitation, &entry).await;
        assert!(created.expect("creates"));
        user
    }

    /// Makes an account of who comes from another system without a hash.
    pub async fn import_newcomer(&self, email: &str, origin: Origin, username: Option<&str>) -> User {
        let user = User::new(email.parse().expect("valid"), None, Role::Member, self.now);
        let newcomer = Newcomer { origin, username: username.map(str::to_owned) };
        let account = Account {
            user: user.clone(),
            password_hash: None,
            password_changed_at: None,
            newcomer: Some(newcomer),
        };
        let arrival = Arrival { account, entry: self.entry("import_user", user.id) };
        let Import::Done(arrivals) = self.app.store.import(&[arrival]).await.expect("writes") else {
            panic!("throttled");
        };
        assert_eq!(arrivals.each, [Arrived::Made]);
        user
    }

    /// Lets a user log in no more, or again.
    pub async fn set_status(&self, id: UserId, status: Status) -> User {
        self.change(id, UserChange { status: Some(status), ..UserChange::default() }).await
    }

    async fn change(&self, id: UserId, change: UserChange) -> User {
        let store = &self.app.store;
        let user = store.users.get(id).await.expect("reads").expect("there is the user");
        let witness = Witness(store.users.another_admin(id).await.expect("reads"));
        let changed = store.change_user(&user, &change, witness, &self.entry("change_user", id)).await;
        match changed.expect("writes") {
            Change::Done(user) => user,
            other => panic!("not changed: {other:?}"),
        }
    }

    /// What the audit trail says of something that an operator did.
    pub fn entry(&self, event: &'static str, user: UserId) -> AuditEntry {
        let operator = Actor::Operator("test".to_owned());
        Event::success(event).user(user).by(operator).entry_without_caller(self.now)
    }
}
