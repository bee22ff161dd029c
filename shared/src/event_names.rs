//! Every event by its name, and what it tells: what may stand in logs and in the audit trail. A new event is added here
//! first; until then its first test fails.

/// A name, and what it tells.
pub type EventName = (&'static str, &'static str);

/// Events that the audit trail has, and the log, too.
pub const AUDITED: &[EventName] = &[
    ("login", "a login, or a password that was refused at one"),
    ("lock_account", "too many failures: the e-mail or the device takes no more for a while"),
    ("refresh_reuse", "a refresh token was used a second time, so its session ended"),
    ("logout", "a user ended the session, or all of them"),
    ("end_session", "one session was ended by its user, an operator, or a login beyond the most"),
    ("end_sessions", "all sessions of a user were ended by somebody else"),
    ("verify_email", "who proved an address has an account"),
    ("reset_password", "a mailed link was exchanged for a new password"),
    ("change_password", "a user changed the password, or failed to prove the current one"),
    ("change_email", "a user asked for another address, or failed to prove the password"),
    ("confirm_email", "a user's address was changed by the link that the new one got"),
    ("set_email", "an operator gave an account another address"),
    ("create_user", "an account was made for somebody"),
    ("change_user", "somebody's role, status or name was changed"),
    ("delete_user", "an account was deleted"),
    ("import_user", "an account was made for somebody who came from elsewhere"),
    ("take_over_password", "the old user pool knew the password, which is kept here from now on"),
    ("unlock", "failures of an e-mail, and of its user's devices, were forgotten"),
    ("send_reset", "somebody was sent a link to choose a password"),
    ("mail", "a mail was sent; which one is the reason"),
    ("create_key", "a signing key was made"),
    ("delete_key", "a signing key was removed: its last token is dead"),
    ("revoke_key", "an operator removed a signing key at once"),
];

/// Events of the log alone: too many, or about nobody, or for who looks after the functions.
pub const LOGGED: &[EventName] = &[
    ("access", "an access token was refused, or its user may not"),
    ("refresh", "a refresh token was exchanged or refused"),
    ("forgot_password", "somebody asked for a reset"),
    ("register", "somebody asked for an account"),
    ("rotate_keys", "the daily look at the signing keys failed"),
    ("read_signing_keys", "the signing keys could not be read"),
    ("newcomer_link", "who came without a hash could not be mailed a link"),
    ("request", "a request failed on our side, or came from a foreign origin"),
    ("skip_mail", "a mail was not to be sent; why is the reason"),
    ("audit", "an entry beside a login could not be written"),
    ("clear_lockout", "failures could not be forgotten after a login"),
    ("record_login", "the time of a login could not be written"),
    ("renew_hash", "an outdated hash could not be renewed at a login"),
    ("look_at_sessions", "a login could not look at the user's sessions"),
    ("sweep_sessions", "a login could not sweep a dead session"),
    ("end_oldest_session", "a login could not end the oldest session"),
    ("new_device_notice", "the notice of a new device could not be queued"),
];

/// Whether it is one of these.
pub fn is_known(name: &str) -> bool {
    is_audited(name) || LOGGED.iter().any(|(known, _)| *known == name)
}

/// Whether the audit trail may have it.
pub fn is_audited(name: &str) -> bool {
    AUDITED.iter().any(|(known, _)| *known == name)
}
