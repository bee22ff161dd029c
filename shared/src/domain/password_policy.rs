//! Which passwords may be chosen.

use super::{Email, HashMethod, Password};

/// The two policies, named as in the setting `PASSWORD_POLICY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordPolicy {
    /// 12 characters or more, with an upper-case and a lower-case letter, a digit and a special character.
    Spec,
    /// 15 characters or more and no classes, as NIST SP 800-63B-4 and ASVS 6.2.5 ask.
    Nist,
}

/// A password that its owner may choose: it met every rule.
#[derive(Clone)]
pub struct NewPassword(Password);

const SPECIAL: &str = "!@#$%^&*()_+-=[]{}|;:,.<>?";

/// A name this short (a local part such as `al`) occurs in too many good passwords to refuse them for it.
const SHORTEST_NAME: usize = 3;

/// A base word that an attacker finds among the first million guesses is a common one.
const COMMON_BELOW_GUESSES: u64 = 1_000_000;

impl NewPassword {
    /// Checks all rules of the policy and those of every policy: not longer than what hashes it can tell apart, not
    /// common, not made of the owner's e-mail or the product's name. Errors: every rule that is broken, in words for the
    /// person who chose it.
    pub fn choose(
        password: Password,
        policy: PasswordPolicy,
        method: HashMethod,
        email: &Email,
        product_name: &str,
    ) -> Result<Self, Vec<String>> {
        let text = password.expose();
        let mut broken = broken_composition_rules(text, policy);
        if !method.takes(&password) {
            let (most, bytes) = (method.longest_password(), text.len());
            broken.push(format!("must have at most {most} bytes in UTF-8; this one has {bytes}"));
        }
        if contains_name(text, email.local_part()) {
            broken.push("must not contain the name of your e-mail address".to_owned());
        }
        if contains_name(text, product_name) {
            broken.push(format!("must not contain the name {product_name}"));
        }
        if is_common(text) {
            broken.push("must not be a common password or one with digits and symbols around it".to_owned());
        }
        if broken.is_empty() { Ok(Self(password)) } else { Err(broken) }
    }

    /// The password that was chosen.
    pub fn as_password(&self) -> &Password {
        &self.0
    }
}

fn broken_composition_rules(text: &str, policy: PasswordPolicy) -> Vec<String> {
    let count = text.chars().count();
    let rules: &[(bool, &str)] = match policy {
        PasswordPolicy::Spec => &[
            (count >= 12, "must have at least 12 characters"),
            (text.chars().any(char::is_uppercase), "must have an upper-case letter"),
            (text.chars().any(char::is_lowercase), "must have a lower-case letter"),
            (text.chars().any(|c| c.is_ascii_digit()), "must have a digit"),
            (
                text.chars().any(|c| SPECIAL.contains(c)),
                "must have a special character: one of !@#$%^&*()_+-=[]{}|;:,.<>?",
            ),
        ],
        PasswordPolicy::Nist => &[(count >= 15, "must have at least 15 characters")],
    };
    rules.iter().filter(|(kept, _)| !kept).map(|(_, rule)| (*rule).to_owned()).collect()
}

fn contains_name(text: &str, name: &str) -> bool {
    name.chars().count() >= SHORTEST_NAME && text.to_lowercase().contains(&name.to_lowercase())
}

/// Fewer letters than this are no word that a password could be made of.
const SHORTEST_WORD: usize = 4;

/// zxcvbn takes time with the cube of the length; what is not common so far won't be further on.
const JUDGED_CHARACTERS: usize = 30;

/// A plain list of common passwords refuses almost nothing that meets the rules above, and everything that people
/// make of one does: so the word is judged without what they put around it. zxcvbn undoes leet spelling itself.
fn is_common(text: &str) -> bool {
    let is_no_letter = |c: char| !c.is_alphabetic();
    let words = [text.trim_matches(is_no_letter), text.trim_end_matches(is_no_letter)];
    let words = words.into_iter().filter(|word| word.chars().count() >= SHORTEST_WORD);
    words.chain([text]).any(|candidate| {
        let judged: String = candidate.to_lowercase().chars().take(JUDGED_CHARACTERS).collect();
        zxcvbn::zxcvbn(&judged, &[]).guesses() < COMMON_BELOW_GUESSES
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BcryptCost;

    fn choose(text: &str, policy: PasswordPolicy) -> Result<(), Vec<String>> {
        choose_for(text, policy, HashMethod::Bcrypt(BcryptCost::new(12).expect("a cost")))
    }

    fn choose_for(text: &str, policy: PasswordPolicy, method: HashMethod) -> Result<(), Vec<String>> {
        let email: Email = "ada.lovelace@example.com".parse().expect("valid");
        let password: Password = text.parse().expect("valid");
        NewPassword::choose(password, policy, method, &email, "Latchkey").map(|_| ())
    }

    // PW3
    #[test]
    fn seventy_two_bytes_are_a_new_password_and_seventy_three_are_refused_for_bcrypt_alone() {
        let longest = format!("Vr7#{}", "é-Zmw-T".repeat(9)).chars().take(63).collect::<String>();
        assert_eq!((longest.len(), choose(&longest, PasswordPolicy::Spec)), (72, Ok(())));
        let longer = format!("{longest}x");
        let refusal = "must have at most 72 bytes in UTF-8; this one has 73".to_owned();
        assert_eq!(choose(&longer, PasswordPolicy::Spec), Err(vec![refusal]));
        assert_eq!(choose_for(&longer, PasswordPolicy::Spec, HashMethod::Argon2id), Ok(()));
    }

    // PW1
    #[test]
    fn each_broken_rule_of_the_spec_policy_is_named() {
        for (text, rule) in [
            ("Vr7#kqzmwTp", "must have at least 12 characters"),
            ("vr7#kqzmwtpx", "must have an upper-case letter"),
            ("VR7#KQZMWTPX", "must have a lower-case letter"),
            ("Vrx#kqzmwTpx", "must have a digit"),
            ("Vr7xkqzmwTpx", "must have a special character: one of !@#$%^&*()_+-=[]{}|;:,.<>?"),
        ] {
            assert_eq!(choose(text, PasswordPolicy::Spec), Err(vec![rule.to_owned()]), "{text}");
        }
        assert_eq!(choose("a", PasswordPolicy::Spec).expect_err("weak").len(), 5);
        assert_eq!(choose("Vr7#kqzmwTpx", PasswordPolicy::Spec), Ok(()));
    }

    // PW1
    #[test]
    fn characters_are_counted_as_code_points_and_each_special_character_counts() {
        assert_eq!(choose("Äß7#kqzmwöüÿ", PasswordPolicy::Spec), Ok(()));
        for special in SPECIAL.chars() {
            assert_eq!(choose(&format!("Vr7{special}kqzmwTpx"), PasswordPolicy::Spec), Ok(()), "{special}");
        }
    }

    // PW2
    #[test]
    fn the_nist_policy_wants_length_and_no_classes() {
        assert_eq!(choose("quartz violin tundra", PasswordPolicy::Nist), Ok(()));
        assert_eq!(
            choose("Vr7#kqzmwTpx12", PasswordPolicy::Nist),
            Err(vec!["must have at least 15 characters".to_owned()])
        );
    }

    // PW5
    #[test]
    fn common_words_are_refused_whatever_is_put_around_them() {
        let common = "must not be a common password or one with digits and symbols around it".to_owned();
        for text in [
            "Password123!",
            "P@ssw0rd2026!",
            "Welcome@2026!!",
            "Summer2026!!!",
            "Winter#202611",
            "Qwertyuiop1!",
            "Administrator1!",
            "Iloveyou2026!",
            "Liverpool2025!",
            "Letmein!12345",
            "Football2026!!",
            "!!!Monkey123456",
            "Trustno1!!!!!!",
            "Superman#12345",
            "Dragon!!!!1234",
            "Charlie-202611",
            "Passwordpassword1!",
            "Abcdefghijkl1!",
            "Aaaaaaaaaaa1!",
            "1qaz2wsx#EDC4",
            "Princess_12345",
            "$Umm3r2026!!!",
        ] {
            assert_eq!(choose(text, PasswordPolicy::Spec).err(), Some(vec![common.clone()]), "{text}");
        }
        for text in ["passwordpassword", "aaaaaaaaaaaaaaaa", "qwertyuiopasdfghjkl", "1234567890123456"] {
            assert_eq!(choose(text, PasswordPolicy::Nist).err(), Some(vec![common.clone()]), "{text}");
        }
    }

    // PW5
    #[test]
    fn long_and_random_passwords_are_not_taken_for_common_ones() {
        for text in [
            "Correct-Horse-7-Staple",
            "Tr0ub4dor&3xyz",
            "Kestrel-Orbit-92",
            "mW4$xQ9!rT2z",
            "Qz#5928!3706*41",
            "Blue-Lamp-Runs-4-Miles",
        ] {
            assert_eq!(choose(text, PasswordPolicy::Spec), Ok(()), "{text}");
        }
    }

    // PW6
    #[test]
    fn the_owners_name_and_the_products_name_are_refused() {
        assert_eq!(
            choose("x9#Ada.Lovelace-Zq", PasswordPolicy::Spec),
            Err(vec!["must not contain the name of your e-mail address".to_owned()])
        );
        assert_eq!(
            choose("x9#LATCHKEY-zqvWm", PasswordPolicy::Spec),
            Err(vec!["must not contain the name Latchkey".to_owned()])
        );
    }
}
