//! What `--help` tells beyond the options: how commands are used, and what they answer.

pub const ABOUT: &str = "\
The operator's command of Latchkey: users, sessions, keys, the audit trail and settings, straight in the
tables.

Settings (PASSWORD_POLICY, BCRYPT_COST, LOCKOUT_ATTEMPTS and the others) are read from the environment, as
the functions read them. Give this command those of your stack where they are not the defaults:
`latchkey settings` shows which ones this shell has.

Credentials come from --profile, or else from where AWS's own tools find them: environment, AWS_PROFILE (also
with SSO or a credential process), instance. A database on this machine (--endpoint-url with 127.0.0.1, [::1] or
localhost) needs none, nor a region: made-up ones are sent if the environment has none.

Every change is written to the audit trail together with its entry. The name in it is the one that you give
yourself with --operator; who it really was, AWS CloudTrail proves.";

pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused or failed: no such user, e-mail taken, password against the rules, the last admin
  2  wrong usage: an argument or a setting
  3  AWS was not reached, or denied the call

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
  latchkey user show ada@example.com --json | jq -r .email_hash     # to find them in the logs";

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

The new role counts from the user's next request on. The last active admin stays one.";

pub const SET_EMAIL: &str = "\
Example:
  latchkey user set-email mallory@example.com ada@example.com

This gives a stolen account back: `latchkey audit --user OLD_EMAIL` finds it by the address that it had. Nobody is
asked to confirm the new address: you vouch for it. The password stays until its owner chooses a new
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
deleted. To keep the account but let nobody log in with it: latchkey user disable.";

pub const SEND_RESET: &str = "\
Example:
  latchkey user send-reset ada@example.com

A user who was invited and never chose a password gets the invitation again.";

pub const IMPORT: &str = "\
Examples:
  latchkey user import users.json --dry-run
  latchkey user import users.json --format firebase --hash-config hash-config.txt
  latchkey user import realm-users.json --rejects refused.jsonl --rate 2000
  latchkey user import users.csv --unverified reset

What is read:
  latchkey   `latchkey user export` as JSON lines
  csv        a table, or JSON lines, with email and as many as you like of id, name, role, status, password_hash,
             created_at, last_login, email_verified; also `latchkey user export --format csv`
  auth0      the hashes that Auth0's support gives out, or its JSON for bulk imports
  cognito    `aws cognito-idp list-users`, or a table with Cognito's heading; there are no hashes
  devise     the table of users as CSV or JSON lines; with --pepper if one is configured
  django     `manage.py dumpdata auth.user`, or the table auth_user as CSV
  firebase   `firebase auth:export` as JSON or CSV; with --hash-config
  keycloak   `kc.sh export`: the realm with its users, or a file of users
  supabase   the table auth.users as CSV or JSON lines

In a table or JSON lines of your own, and in our exports, names count in any case, and those that are not read are
told. If one of those may be passwords, or say who was blocked or proved the e-mail, it takes --ignore-columns.

Password hashes: bcrypt, argon2id and argon2i, scrypt, Firebase's scrypt, PBKDF2. They are checked as they are,
and renewed at the first login. Users without one are mailed a link when they first try to log in.

The summary counts who came, who was there already and who was refused, the kinds of hashes (with --dry-run: how
long a check of each takes), and who came as lead or admin, and so may administer users: look at these twice.

A user who is there already is left alone, whatever the file says. Ctrl-C once waits for what is under way; twice
stops at once. However it was interrupted, the same command goes on: FILE.latchkey-progress says where, and is removed
in the end.
Exit code 1: some rows were refused, each with its line and reason on standard error; all others are imported.";

pub const EXPORT: &str = "\
Examples:
  latchkey user export --output users.jsonl
  latchkey user export --without-hashes | jq -r .email
  latchkey user export --stack old --output users.jsonl && latchkey user import users.jsonl --stack new

Without --output it goes to standard output. Sessions, mailed links and the audit trail stay. Guard the file as
the tables themselves: whoever has the hashes can try passwords as often as they like.";

pub const END_SESSIONS: &str = "\
Example:
  latchkey user end-sessions ada@example.com

The user may log in again. To end one session alone: latchkey session end.";

pub const SESSION_LIST: &str = "\
Examples:
  latchkey session list ada@example.com
  latchkey session list ada@example.com --json | jq -r '.[].address'";

pub const SESSION_END: &str = "\
Example:
  latchkey session end ada@example.com 6f2b1c1e-7d0a-4a53-9a53-0f6f5a2e3c11

Its access token works until it expires, in some minutes; `latchkey user end-sessions` ends those tokens, too.";

pub const KEYS_LIST: &str = "\
Examples:
  latchkey keys list
  latchkey keys list --json | jq -r '.[] | select(.state == \"signing\") | .kid'

A key is pending until it signs, signing until the next one does, and retired until the last token that it
signed is dead; then the daily rotation removes it. ACCESS_TOKEN_EXPIRE_MINUTES says how long tokens live.";

pub const KEYS_ROTATE: &str = "\
Examples:
  latchkey keys rotate
  latchkey keys rotate --algorithm RS256

The new key is published at once, and signs three hours later, when every cache has it. Nobody is logged out.
The stack does this by itself (SIGNING_KEY_ROTATION_DAYS). To stay with another algorithm, deploy the stack
with it, too (SigningAlgorithm): otherwise the next daily run goes back to the stack's.";

pub const KEYS_REVOKE: &str = "\
Examples:
  latchkey keys revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs          # asks for the name again
  latchkey keys revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --yes    # in a script
  latchkey keys revoke session-1 --yes                                    # logs everybody out

For a key that leaked. If it signs, a new one signs at once, which nobody has had time to learn of: services that
keep our keys refuse its tokens until they look again, and accept the leaked key's for as long (our own
functions a minute, API Gateway's authorizer up to two hours). Within that minute users may be refused; then
they refresh and go on. A key that did not leak is better rotated.";

pub const AUDIT: &str = "\
Examples:
  latchkey audit                                         # the last 24 hours, the oldest first
  latchkey audit --user ada@example.com --since 7d
  latchkey audit --failures --event login --since 2026-11-01 --until 2026-11-08
  latchkey audit --follow                                # what happens from now on, too, until Ctrl-C
  latchkey audit --json --since 30m | jq -r '.[] | select(.address == \"203.0.113.7\") | .email'

WHEN is a while ago (90s, 30m, 24h, 7d, 4w), the beginning of a day (2026-11-01) or a time
(2026-11-01T09:30:00Z). All times are UTC.

These are not in the trail, but in the functions' logs: logins that were refused unchecked, since the e-mail is
locked or the address over its limit, and requests for a reset or an account (forgot_password, register). A stranger
could fill the trail with them.

With --user: what was done to the user and by the user, and what was tried with the e-mail before it had an
account. A user who was deleted, or has another e-mail now, is found by the old one, too. An e-mail without
an account is not kept readable: the trail knows its SHA-256, and shows whose it is if you ask for that
e-mail.";

pub const SETTINGS: &str = "\
Examples:
  latchkey settings
  PASSWORD_POLICY=nist latchkey settings --json | jq -r '.recommendations[]'

It reads the environment of this shell, as the functions read theirs, and asks no stack. With those of your stack
in the environment, it shows what the stack does with them.";

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
