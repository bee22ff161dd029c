/** Where one is signed in, and the end of it. */

import type { Session } from "@latchkey/client";

import type { App } from "../app";
import { busyWith } from "../busy";
import { deviceInWords } from "../device";
import { ask } from "../dialog";
import { type Child, h, icon } from "../dom";
import { ago, moment } from "../format";
import { DEVICE, PHONE } from "../icons";
import { signOut } from "../leaving";
import { type Loaded, loaded } from "../loaded";
import { type NoticeBox, noticeBox } from "../notice-box";
import { section } from "../section";
import { tell } from "../tell";

export function sessionsSection(app: App): Loaded {
  const { t } = app;
  const notices = noticeBox(t);
  const list: Loaded = loaded(app, app.auth.sessions, (sessions) => draw(app, sessions, notices, () => list.load()));
  const everywhere = h(
    "button",
    { type: "button", class: "danger", onclick: () => void leaveEverywhere(app) },
    t.account.sessions.everywhere,
  );
  const element = section(
    "sessions",
    t.account.sessions.title,
    t.account.sessions.text,
    notices.element,
    list.element,
    h("div", { class: "actions" }, everywhere),
  );
  return { element, load: list.load };
}

function draw(app: App, sessions: Session[], notices: NoticeBox, reload: () => Promise<void>): Child[] {
  const words = app.t.account.sessions;
  const ordered = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));
  const end = async (session: Session): Promise<void> => {
    try {
      await app.auth.endSession(session.id);
      await reload();
      notices.good(words.ended(deviceInWords(session.device, app.t)));
      document.getElementById("sessions-title")?.focus();
    } catch (thrown) {
      tell(thrown, app, notices);
    }
  };
  return [
    h("ul", { class: "sessions", role: "list" }, ...ordered.map((session) => item(app, session, end))),
    sessions.length === 1 && h("p", { class: "hint" }, words.onlyThis),
  ];
}

function item(app: App, session: Session, end: (session: Session) => Promise<void>): HTMLElement {
  const words = app.t.account.sessions;
  const isPhone = /android|ios|ipad|iphone/i.test(session.device);
  const button = h(
    "button",
    {
      type: "button",
      class: "plain small",
      "aria-label": words.endOf(deviceInWords(session.device, app.t)),
      // Two sessions on devices of one kind differ in nothing else.
      "aria-describedby": `session-${session.id}`,
    },
    words.end,
  );
  button.addEventListener("click", () => void busyWith(button, () => end(session)));
  const times = [
    words.signedIn(ago(session.created_at)),
    ago(session.created_at) === ago(session.last_used_at) ? null : words.lastUsed(ago(session.last_used_at)),
    words.from(session.address),
  ];
  return h(
    "li",
    {},
    icon(isPhone ? PHONE : DEVICE),
    h(
      "div",
      { class: "what" },
      h(
        "p",
        { class: "device", title: session.user_agent },
        deviceInWords(session.device, app.t),
        session.current && h("span", { class: "badge good" }, words.thisOne),
      ),
      h(
        "p",
        { id: `session-${session.id}`, class: "hint", title: moment(session.created_at) },
        times.filter((part) => part !== null).join(", "),
      ),
    ),
    !session.current && button,
  );
}

async function leaveEverywhere(app: App): Promise<void> {
  const words = app.t.account.sessions;
  let isWanted = false;
  await ask(app, {
    title: words.everywhereAsk,
    text: words.everywhereText,
    confirm: words.everywhere,
    kind: "danger",
    act: async () => {
      isWanted = true;
    },
  });
  if (isWanted) await signOut(app, true);
}
