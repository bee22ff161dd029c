//! Which passwords may be chosen where these settings are in force.

use super::Config;
use crate::domain::{Email, NewPassword, Password};

impl Config {
    /// A new password for who has the e-mail. Errors: every rule that is broken, in words for the person who chose it.
    pub fn choose_password(&self, password: Password, email: &Email) -> Result<NewPassword, Vec<String>> {
        NewPassword::choose(password, self.password_policy, self.hash_method, email, &self.product_name)
    }
}
