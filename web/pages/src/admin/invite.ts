/** The dialog that invites somebody: nobody but the owner ever chooses the password. */

import type { InvitedUser, Role, User } from "@latchkey/client";

import type { App } from "../app";
import { openDialog } from "../dialog";
import { h } from "../dom";
import { field } from "../field";
import { form } from "../form";
import { roleSelect } from "./role-select";

/** Resolves to who was invited, or to null when the dialog was closed. */
export function invite(app: App, me: User): Promise<InvitedUser | null> {
  const { t } = app;
  const words = t.admin.invitation;
  const email = field(
    {
      name: "email",
      id: "invite-email",
      type: "email",
      label: t.fields.email,
      autocomplete: "off",
      missing: t.fields.missing.newEmail,
    },
    t,
  );
  const name = field({ name: "name", id: "invite-name", label: t.fields.nameOptional, autocomplete: "off" }, t);
  // A lead looks after members, and makes nobody more than that.
  const role = roleSelect(app, "invite-role", me.role === "admin" ? ["member", "lead", "admin"] : ["member"], "member");
  let invited: InvitedUser | null = null;
  const { element } = form(app, {
    fields: [email, name],
    before: [role.element],
    submit: words.submit,
    async send() {
      const called = name.input.value.trim();
      invited = await app.auth.admin.invite({
        email: email.input.value.trim(),
        role: role.select.value as Role,
        ...(called === "" ? {} : { name: called }),
      });
      dialog.close();
    },
  });
  const dialog = openDialog(app, words.title, h("p", {}, words.text), element);
  email.input.focus();
  return new Promise((resolve) => dialog.element.addEventListener("close", () => resolve(invited)));
}
