/** A form that asks for a mail, and what is said once it is asked for: the same whether or not there is an account. */

import type { App } from "./app";
import { type Child, h } from "./dom";
import { field } from "./field";
import { form } from "./form";
import { MAIL } from "./icons";
import { takeEmail } from "./notice";
import { stateCard } from "./state-card";

interface Words {
  title: string;
  text: string;
  submit: string;
  sentTitle: string;
  sent(email: string): string;
}

/** What was asked for on this page. */
let sentTo: string | null = null;

export function askForMail(app: App, words: Words, ask: (email: string) => Promise<unknown>, below: Child): Child[] {
  const { t } = app;
  const again = (): void => {
    sentTo = null;
    app.redraw();
  };
  if (sentTo !== null) {
    const email = sentTo;
    const resend = form(app, {
      fields: [],
      submit: t.register.sendAgain,
      kind: "plain",
      send: async () => {
        await ask(email);
        resend.notices.good(words.sent(email));
      },
      beside: [h("button", { type: "button", class: "link", onclick: again }, t.register.otherAddress)],
    });
    return [
      stateCard(
        MAIL,
        "good",
        words.sentTitle,
        h("p", {}, words.sent(email)),
        h("p", { class: "hint" }, t.register.again),
        resend.element,
      ),
      below,
    ];
  }
  const email = field(
    {
      name: "email",
      type: "email",
      label: t.fields.email,
      autocomplete: "username",
      missing: t.fields.missing.email,
      value: takeEmail(),
    },
    t,
  );
  const { element } = form(app, {
    fields: [email],
    submit: words.submit,
    async send() {
      const address = email.input.value.trim();
      await ask(address);
      sentTo = address;
      app.redraw();
    },
  });
  return [h("div", { class: "card" }, h("h1", {}, words.title), h("p", {}, words.text), element), below];
}
