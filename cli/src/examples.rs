//! What `--help` tells beyond the options: how commands are used, and what they answer.

pub const ABOUT: &str = "\
The operator's command of Latchkey: users, sessions, the audit trail and settings, straight in the tables.

Settings (PASSWORD_POLICY, BCRYPT_COST, LOCKOUT_ATTEMPTS and the others) are read from the environment, as
the functions read them. Give this command those of your stack where they are not the defaults:
`latchkey settings` shows which ones it uses.

Credentials come from --profile, or else as AWS's own tools find them: environment, AWS_PROFILE (also with
SSO or a credential process), instance. A database on this machine (--endpoint-url with 127.0.0.1, [::1] or
localhost) needs none, nor a region: made-up ones are sent if the environment has none.

Every change is written to the audit trail together with its entry. The name in it is the one that you give
yourself with --operator; who really was it, AWS CloudTrail proves.";

pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused or failed: no such user, e-mail taken, password against the rules, the last admin
  2  wrong usage: an argument or a setting
  3  AWS not reached, or it denied the call

Examples:
  latchkey --stack latchkey-prod --profile ops user list
  latchkey --endpoint-url http://127.0.0.1:8000 user show ada@example.com";

pub const CREATE: &str = "\
Examples:
  latchkey user create ada@example.com --name 'Ada Lovelace' --role admin --invite
  pass show latchkey/ada | latchkey user create ada@example.com --password-stdin";

pub const SHOW: &str = "\
Examples:
  latchkey user show ada@example.com
  latchkey user show 0e6d2a30-3c1f-4c9e-9d0e-1c2f5a7b8d90           # by the id, which stays
  latchkey user show ada@example.com --json | jq -r .email_hash     # to find her in the logs";

pub const LIST: &str = "\
Examples:
  latchkey user list
  latchkey user list --status inactive
  latchkey user list --without-password --json | jq -r '.[].email'";

pub const DISABLE: &str = "\
Example:
  latchkey user disable ada@example.com

The last active admin can't be disabled.";

pub const ENABLE: &str = "\
Example:
  latchkey user enable ada@example.com";

pub const UNLOCK: &str = "\
Example:
  latchkey user unlock ada@example.com";

pub const SET_ROLE: &str = "\
Examples:
  latchkey user set-role ada@example.com lead
  latchkey user set-role ada@example.com admin --operator grace

It counts from the next request on. The last active admin stays one.";

pub const SET_EMAIL: &str = "\
Example:
  latchkey user set-email mallory@example.com ada@example.com

To give a stolen account back: `latchkey audit --user OLD_EMAIL` finds it by the address that it had. Nobody is
asked to confirm the new address: it is you who vouches for it. The password stays until its owner chooses a new
one; `latchkey user send-reset` mails the link.";

pub const RENAME: &str = "\
Examples:
  latchkey user rename ada@example.com 'Ada King'
  latchkey user rename ada@example.com --none";

pub const DELETE: &str = "\
Examples:
  latchkey user delete ada@example.com          # asks for the e-mail again
  latchkey user delete ada@example.com --yes    # in a script

What the audit trail says about the user stays, and is found by the e-mail. The last active admin can't be
deleted. To keep the account and shut it: latchkey user disable.";

pub const SEND_RESET: &str = "\
Example:
  latchkey user send-reset ada@example.com

Who was invited and never chose a password gets the invitation again.";

pub const END_SESSIONS: &str = "\
Example:
  latchkey user end-sessions ada@example.com

The user may log in again. One session alone: latchkey session end.";

pub const SESSION_LIST: &str = "\
Examples:
  latchkey session list ada@example.com
  latchkey session list ada@example.com --json | jq -r '.[].address'";

pub const SESSION_END: &str = "\
Example:
  latchkey session end ada@example.com 6f2b1c1e-7d0a-4a53-9a53-0f6f5a2e3c11

Its access token works until it expires, for minutes; `latchkey user end-sessions` ends those, too.";

pub const AUDIT: &str = "\
Examples:
  latchkey audit                                         # the last 24 hours, the oldest first
  latchkey audit --user ada@example.com --since 7d
  latchkey audit --failures --event login --since 2026-11-01 --until 2026-11-08
  latchkey audit --follow                                # what happens from now on, too, until Ctrl-C
  latchkey audit --json --since 30m | jq -r '.[] | select(.address == \"203.0.113.7\") | .email'

WHEN is a while ago (90s, 30m, 24h, 7d, 4w), the beginning of a day (2026-11-01) or a time
(2026-11-01T09:30:00Z). All times are UTC.

Not in the trail, but in the functions' logs: a login that was refused unchecked, since its e-mail is locked
or its address over its limit, and who asked for a reset or an account (forgot_password, register). A stranger
could fill the trail with them.

With --user: what was done to the user and by the user, and what was tried with the e-mail before it had an
account. A user who was deleted, or has another e-mail now, is found by the old one, too. An e-mail without
an account is not kept readable: the trail knows its SHA-256, and shows whose it is if you ask for that
e-mail.";

pub const SETTINGS: &str = "\
Examples:
  latchkey settings
  PASSWORD_POLICY=nist latchkey settings --json | jq -r '.recommendations[]'";

pub const PREVIEW: &str = "\
Examples:
  latchkey mail preview
  latchkey mail preview password_reset --language de
  latchkey mail preview --json --from functions/mailer/mails | jq -r '.[0].html' > mail.html";

pub const COMPLETIONS: &str = "\
To install them, once:
  bash        latchkey completions bash > ~/.local/share/bash-completion/completions/latchkey
  zsh         latchkey completions zsh > ~/.zfunc/_latchkey
              # with `fpath+=~/.zfunc` in ~/.zshrc, before its `autoload -U compinit; compinit`
  fish        latchkey completions fish > ~/.config/fish/completions/latchkey.fish
  elvish      latchkey completions elvish > ~/.config/elvish/lib/latchkey.elv
              # with `use latchkey` in ~/.config/elvish/rc.elv
  powershell  latchkey completions powershell >> $PROFILE

Then open a new shell.";
