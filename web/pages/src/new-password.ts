/** The field for a password that is chosen: the server's rules beside it, each told as it is met. */

import type { Config } from "./config";
import { fill, h, icon } from "./dom";
import { type Field, passwordField } from "./field";
import { CHECK, CIRCLE, CLOCK, WARNING } from "./icons";
import { type Rule, type RuleName, type Standing, LONGEST, SHORTEST, judge } from "./password-rules";
import type { Texts } from "./texts";

interface Options {
  label: string;
  /** Null where the owner's address isn't known. */
  email: string | null;
}

/** What a screen reader isn't told while somebody types faster than this. */
const PAUSE = 700;

export function newPasswordField({ label, email }: Options, t: Texts, config: Config): Field {
  const list = h("ul", { class: "rules", role: "list" });
  const bar = h("div", { class: "meter", "aria-hidden": "true" });
  const spoken = h("p", { class: "visually-hidden", role: "status" });
  const panel = h(
    "div",
    { class: "strength", id: "rules" },
    bar,
    h("p", { class: "hint" }, t.rules.title),
    list,
    spoken,
  );
  const made = passwordField(
    {
      name: "new_password",
      label,
      autocomplete: "new-password",
      missing: t.fields.missing.newPassword,
      below: [panel],
    },
    t,
  );
  const { input } = made;
  input.setAttribute("aria-describedby", "new_password-error rules");

  let timer: ReturnType<typeof setTimeout> | undefined;
  let refused: { password: string; messages: string[] } = { password: "", messages: [] };
  const look = (): Rule[] => {
    const { passwordPolicy, passwordHash, productName } = config;
    const rules = judge(input.value, passwordPolicy, { email, productName }, passwordHash);
    if (input.value !== refused.password) return rules;
    return rules.map((rule) => (isRefused(rule.name, refused.messages, t) ? { ...rule, standing: "refused" } : rule));
  };
  const show = (): void => {
    const rules = look();
    draw(rules, list, bar, t, config);
    clearTimeout(timer);
    if (input.value !== "") timer = setTimeout(() => fill(spoken, inWords(rules, t, config)), PAUSE);
  };
  input.addEventListener("input", show);
  draw(look(), list, bar, t, config);

  const complaint = (): string | null => {
    const missing = look().filter((rule) => rule.standing === "broken");
    if (input.value === "" || missing.length === 0) return made.complaint();
    return t.rules.missing(missing.map((rule) => ruleText(rule.name, t, config)));
  };
  const refuse = (messages: string[]): void => {
    made.refuse(messages);
    refused = { password: input.value, messages };
    draw(look(), list, bar, t, config);
  };
  return { ...made, complaint, refuse };
}

/** Whether the server said of a rule that it judges alone that it is broken. */
function isRefused(name: RuleName, messages: string[], { server }: Texts): boolean {
  return (
    (name === "common" && messages.includes(server.common)) || (name === "email" && messages.includes(server.hasEmail))
  );
}

const ICONS: Record<Standing, string> = { met: CHECK, broken: CIRCLE, server: CLOCK, refused: WARNING };

function draw(rules: Rule[], list: Element, bar: Element, t: Texts, config: Config): void {
  const item = ({ name, standing }: Rule): HTMLElement => {
    const remark = { met: t.rules.met, broken: t.rules.broken, server: t.rules.byServer, refused: t.rules.broken }[
      standing
    ];
    const said = standing === "server" ? h("span", { class: "remark" }, ` (${remark})`) : null;
    const unseen = standing === "server" ? null : h("span", { class: "visually-hidden" }, ` (${remark})`);
    return h("li", { class: standing }, icon(ICONS[standing]), h("span", {}, ruleText(name, t, config), said, unseen));
  };
  fill(list, ...rules.map(item));
  const told = rules.filter((rule) => rule.standing !== "server");
  const met = told.filter((rule) => rule.standing === "met").length;
  fill(bar, ...told.map((_, index) => h("span", { class: index < met ? "met" : null })));
  bar.classList.toggle("whole", met === told.length);
}

function inWords(rules: Rule[], t: Texts, config: Config): string {
  const told = rules.filter((rule) => rule.standing !== "server");
  const broken = told.filter((rule) => rule.standing !== "met");
  if (broken.length === 0) return t.rules.allMet;
  const missing = t.rules.missing(broken.map((rule) => ruleText(rule.name, t, config)));
  return `${t.rules.summary(told.length - broken.length, told.length)} ${missing}`;
}

function ruleText(name: RuleName, t: Texts, config: Config): string {
  if (name === "length") return t.rules.length(SHORTEST[config.passwordPolicy]);
  if (name === "bytes") return t.rules.bytes(LONGEST[config.passwordHash]);
  if (name === "product") return t.rules.product(config.productName);
  return t.rules[name];
}
