import { expect, test } from "vitest";

import { type Policy, judge } from "../../src/password-rules";

const owner = { email: "ada.lovelace@example.com", productName: "Latchkey" };

function broken(password: string, policy: Policy = "spec"): string[] {
  return judge(password, policy, owner).flatMap(({ name, standing }) => (standing === "broken" ? [name] : []));
}

test("each rule that is broken is named", () => {
  for (const [password, names] of [
    ["Vr7#kqzmwTp", ["length"]],
    ["vr7#kqzmwtpx", ["upper"]],
    ["VR7#KQZMWTPX", ["lower"]],
    ["Vrx#kqzmwTpx", ["digit"]],
    ["Vr7xkqzmwTpx", ["special"]],
    ["x9#ADA.Lovelace-Zq", ["email"]],
    ["x9#LATCHKEY-zqvWm", ["product"]],
    ["Vr7#kqzmwTpx", []],
    ["Äß7#kqzmwöüÿ", []],
  ] as const) {
    expect(broken(password), password).toEqual(names);
  }
});

test("the policy of length wants no classes", () => {
  expect(broken("quartz violin tundra", "nist")).toEqual([]);
  expect(broken("Vr7#kqzmwTpx12", "nist")).toEqual(["length"]);
});

test("characters are code points, and bytes are bytes", () => {
  expect(broken("🔑".repeat(11), "nist")).toEqual(["length"]);
  expect(broken("🔑".repeat(15), "nist")).toEqual([]);
  expect(broken(`${"é".repeat(36)}a`, "nist")).toEqual(["bytes"]);
  const longest = (bytes: number) => judge("x".repeat(bytes), "nist", owner, "argon2id");
  expect(longest(1024)).not.toContainEqual({ name: "bytes", standing: "broken" });
  expect(longest(1025)).toContainEqual({ name: "bytes", standing: "broken" });
});

test("nothing is met by an empty password, and without the e-mail only the server can tell", () => {
  expect(judge("", "spec", owner).filter(({ standing }) => standing !== "broken")).toEqual([]);
  const told = judge("Vr7#kqzmwTpx", "spec", { ...owner, email: null });
  expect(told.filter(({ standing }) => standing === "server").map(({ name }) => name)).toEqual(["email", "common"]);
});

test("a name of two letters is in too many good passwords to count", () => {
  expect(judge("Halb-7-Al-Kestrel", "spec", { ...owner, email: "al@example.com" })).toContainEqual({
    name: "email",
    standing: "met",
  });
});
