import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { DEFAULTS } from "../../src/config";

const template = readFileSync(fileURLToPath(new URL("../../../../template.yaml", import.meta.url)), "utf8");

/** The text of a block scalar, from the line with this beginning. */
function block(beginning: string): string {
  const lines = template.slice(template.indexOf(beginning)).split("\n").slice(1);
  const depth = lines[0]!.search(/\S/);
  return lines
    .slice(
      0,
      lines.findIndex((line) => line.trim() !== "" && line.search(/\S/) < depth),
    )
    .join("\n");
}

test("CloudFront finds the file of an address without an ending", () => {
  const handler = new Function(`${block("FunctionCode: |")}; return handler;`)() as (event: object) => { uri: string };
  for (const [uri, file] of [
    ["/", "/"],
    ["/register", "/register.html"],
    ["/register/", "/register.html"],
    ["/reset-password", "/reset-password.html"],
    ["/assets/app-x.js", "/assets/app-x.js"],
    ["/theme.css", "/theme.css"],
    ["/config.json", "/config.json"],
    ["/nothing/here", "/nothing/here.html"],
  ] as const) {
    expect(handler({ request: { uri } }).uri, uri).toBe(file);
  }
});

test("what a deployment says in config.json is what the pages read, with the settings of its functions", () => {
  const text = /^ +- '(\{"api".*\})'$/m.exec(template)?.[1] ?? "{}";
  const written = JSON.parse(text.replaceAll(/(?<!")\$\{\w+\}/g, "0"));
  expect(Object.keys(written)).toEqual(Object.keys(DEFAULTS).filter((name) => name !== "dev"));
  for (const [name, setting] of [
    ["passwordPolicy", "PASSWORD_POLICY"],
    ["passwordHash", "PASSWORD_HASH"],
    ["lockoutMinutes", "LOCKOUT_MINUTES"],
    ["productName", "PRODUCT_NAME"],
    ["registration", "REGISTRATION"],
  ] as const) {
    const parameter = new RegExp(`^ +${setting}: !Ref (\\w+)$`, "m").exec(template)?.[1];
    expect(parameter, setting).toBeDefined();
    expect(text).toMatch(new RegExp(`"${name}":"?\\$\\{${parameter}\\}"?[,}]`));
  }
});
