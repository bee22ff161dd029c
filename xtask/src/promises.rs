//! What the service promises: the points of the report, and the promises behind each.

/// A point of the report, shown by the tests of its promises.
pub struct Point {
    /// As the report heads its line.
    pub title: &'static str,
    /// Its promises: the id that a test names, and what it means in a few words.
    pub promises: &'static [(&'static str, &'static str)],
}

impl Point {
    /// Whether a promise is one of its own.
    pub fn has(&self, id: &str) -> bool {
        self.promises.iter().any(|(own, _)| *own == id)
    }
}

/// Every point, in the report's order.
pub const POINTS: &[Point] = &[
    Point {
        title: "JWT",
        promises: &[
            ("AT1", "one algorithm and key; `none`, key confusion and key-bearing headers refused"),
            ("AT2", "every claim required and typed; 5 s of leeway at most"),
            ("AT3", "access and refresh tokens can't stand in for each other"),
            ("AT4", "strict compact form, at most 4 KB"),
            ("AT5", "a signing secret under 32 bytes stops the function at start"),
            ("AT6", "taken from the Bearer header only"),
            ("AT7", "15 minutes; no personal data but the user's id and role"),
            ("AT8", "each guarded request reads the user as it is now"),
        ],
    },
    Point {
        title: "keys",
        promises: &[
            ("KY1", "made on first use, once, however many start at once"),
            ("KY2", "published before it signs and until its last token is dead"),
            ("KY3", "JWKS and discovery, for software that is not ours"),
            ("KY4", "cached; an unreadable table is a 503, never another key"),
            ("KY5", "private halves for functions that sign alone"),
            ("KY6", "each act in the audit trail, in the same transaction"),
        ],
    },
    Point {
        title: "bcrypt",
        promises: &[
            ("PW1", "12 characters of four classes; each refusal names the rule"),
            ("PW2", "the policies `spec` and `nist`"),
            ("PW3", "more than 72 bytes refused for bcrypt, never cut"),
            ("PW4", "exact bytes count, nothing is normalised"),
            ("PW5", "common passwords refused in their disguises"),
            ("PW6", "the e-mail's local part and the product's name refused"),
            ("PW7", "the current password refused as the new one"),
            ("PW8", "bcrypt of cost 12 or argon2id; other hashes are re-hashed at login"),
            ("PW9", "a malformed stored hash is a 401, never a panic"),
        ],
    },
    Point {
        title: "lockout",
        promises: &[
            ("LG1", "unknown e-mail and wrong password answer alike"),
            ("LG2", "... and take the same time"),
            ("LG3", "5 failures lock for 30 minutes"),
            ("LG4", "unknown e-mails lock in the same way"),
            ("LG5", "the attempt is reserved before the hash is checked"),
            ("LG6", "a lock never blocks a reset; a reset clears it"),
            ("LG7", "an inactive user is told so after the right password only"),
            ("LG8", "limits per address, by the gateway's word only"),
            ("LG9", "one canonical form of an e-mail"),
            ("LG10", "every login makes a new session"),
            ("LG11", "last_login is recorded"),
            ("LG12", "a trusted device counts its own attempts"),
        ],
    },
    Point {
        title: "reset",
        promises: &[
            ("RS1", "the same answer in the same time for every e-mail"),
            ("RS2", "32 random bytes, stored as SHA-256, for 15 minutes"),
            ("RS3", "single use: of parallel resets one wins"),
            ("RS4", "one transaction, whole or not at all"),
            ("RS5", "a newer request or password voids older tokens"),
            ("RS6", "a weak password doesn't burn the token"),
            ("RS7", "an inactive user gets no mail and can't redeem"),
            ("RS8", "no login by a reset"),
            ("RS9", "one mail a minute and 5 a day, silently"),
            ("RS10", "the link's base is configuration; the token rides in the fragment"),
            ("RS11", "mail to the stored address only, every value escaped"),
            ("RS12", "asking changes nothing on the account"),
            ("RS13", "no mail is lost, none is sent twice"),
        ],
    },
    Point {
        title: "refresh",
        promises: &[
            ("RT1", "a refresh rotates; reuse ends the session"),
            ("RT2", "within the grace window the same successor, never a second one"),
            ("RT3", "a losing refresh never clears the winner's cookie"),
            ("RT4", "7 days idle and 30 in all, checked in code"),
            ("RT5", "nothing in the table can be replayed as a token"),
            ("RT6", "the cookie's attributes"),
            ("RT7", "a cookie needs an allowed Origin; JSON only"),
            ("RT8", "the token is in the body or in the cookie, as asked"),
            ("RT9", "logout at once, idempotent, everywhere if asked"),
            ("RT10", "disable, delete and a new password end all sessions"),
            ("RT11", "a change of the password ends all other sessions, in one transaction"),
            ("RT12", "a user has so many sessions; beyond that the oldest ends"),
            ("RT13", "users see and end their own sessions, and no others"),
        ],
    },
    Point {
        title: "accounts",
        promises: &[
            ("RG1", "asking for an account never tells whether there is one"),
            ("RG2", "an account exists once its address is proved"),
            ("RG3", "one account an address, under races, too"),
            ("RG4", "registration is off unless switched on"),
            ("EM1", "a new e-mail is confirmed, told to the old one, whole or not at all"),
            ("EM2", "of many who want one address, one gets it"),
            ("EM3", "asking never tells; a newer link or password voids older ones"),
        ],
    },
    Point {
        title: "administration",
        promises: &[
            ("AD1", "admins and leads may, others get 403"),
            ("AD2", "who may do what to whom"),
            ("AD3", "there is always an active admin"),
            ("AD4", "each act is in the audit trail, in the same transaction"),
            ("AD5", "no admin chooses or sees a password"),
            ("AU1", "what happened is in the audit trail"),
            ("AU2", "... in the transaction that did it"),
            ("AU3", "kept as long as set, without secrets"),
            ("AU4", "found by user and time, for admins only"),
            ("NT1", "users are told by mail; each notice can be switched off"),
        ],
    },
    Point {
        title: "front end",
        promises: &[
            ("FE1", "nothing inline, nothing from elsewhere: the policy is strict, and no page breaks it"),
            ("FE2", "no token where scripts or disks keep things"),
            ("FE3", "a link's token leaves the address bar at once, and is kept nowhere"),
            ("FE4", "signing in leads to our own pages and named apps only"),
            ("FE5", "the meter and the server judge a password alike"),
            ("FE6", "many tabs that refresh at once stay signed in"),
            ("FE7", "a logout in one tab signs out all"),
            ("FE8", "an access token that expires mid-page is renewed unnoticed"),
            ("FE9", "offline signs nobody out, and passes by itself"),
            ("FE10", "signed in where third-party cookies are blocked"),
            ("FE11", "administration offers what the role may do, and asks first"),
            ("FE12", "everything works with the keyboard alone"),
            ("FE13", "axe-core finds nothing: light, dark, on a phone"),
        ],
    },
    Point {
        title: "authorizer",
        promises: &[
            ("AZ1", "every kind of API Gateway gets the answer that it takes"),
            ("AZ2", "what can't be found out is an error, never a yes"),
            ("AZ3", "it holds no key that signs"),
            ("AZ4", "only users of the named roles pass, by their role now"),
            ("AZ5", "a remembered answer is right for every route and no other caller"),
        ],
    },
    Point {
        title: "moving",
        promises: &[
            ("MV1", "hashes of other systems verified as they are; published vectors"),
            ("MV2", "no hash makes a login slow or large"),
            ("MV3", "each source's files read; each refused row told with its reason"),
            ("MV4", "an import can end at any moment and goes on; nobody twice"),
            ("MV5", "no more units a second than allowed, fewer while throttled"),
            ("MV6", "an address that was never proved brings no account"),
            ("MV7", "an export has everything, and imported it is the same"),
            ("MV8", "who comes without a hash is mailed a link, or asked for at the old pool"),
        ],
    },
    Point {
        title: "operation",
        promises: &[
            ("OP1", "errors as problem+json, never a 5xx for bad input"),
            ("OP2", "unknown fields refused"),
            ("OP3", "security headers on every response"),
            ("OP4", "CORS by an exact list"),
            ("OP5", "one JSON line per event, never a secret"),
            ("OP6", "a failing database is a 503, never an open door"),
            ("OP7", "each function's policy names just what it uses"),
            ("OP8", "a panic is a 500, and the next request is served"),
            ("OP9", "no known vulnerability; licences checked"),
            ("OP10", "openapi.yaml is the contract: every answer is checked against it"),
        ],
    },
];

/// Whether a test may name it.
pub fn is_known(id: &str) -> bool {
    POINTS.iter().any(|point| point.has(id))
}

/// Whether a word has the form of an id: `LG5`, or a typing mistake like `LG50` or `XX1`.
pub fn looks_like_id(word: &str) -> bool {
    word.len() >= 3
        && word.is_char_boundary(2)
        && word[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && word[2..].bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_the_promises_of_the_documents_and_no_others() {
        let document = include_str!("../../docs/promises.md");
        let rows = document.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
        let mut promised: Vec<&str> = rows.filter(|word| looks_like_id(word)).collect();
        let mut listed: Vec<&str> =
            POINTS.iter().flat_map(|point| point.promises).map(|(id, _)| *id).collect();
        promised.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, promised);
        assert!(!is_known("LG99"));
    }

    #[test]
    fn an_id_is_two_capitals_and_a_number() {
        for (word, expected) in [("LG5", true), ("RS13", true), ("XX99", true), ("L5", false), ("LG", false)]
        {
            assert_eq!(looks_like_id(word), expected, "{word}");
        }
        for word in ["lg5", "LG5.", "LG-5", "SHA256", "", "ÄÖ1", "aÄ1"] {
            assert!(!looks_like_id(word), "{word}");
        }
    }
}
