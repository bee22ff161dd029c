/**
 * The server's password rules (shared/src/domain/password_policy.rs), so that they can be told while somebody types.
 * The server judges; a test asks it whether both agree.
 */

export type Policy = "spec" | "nist";

export type Hash = "bcrypt" | "argon2id";

export type RuleName = "length" | "upper" | "lower" | "digit" | "special" | "bytes" | "email" | "product" | "common";

/** `server`: only the server can tell; `refused`: it did. */
export type Standing = "met" | "broken" | "server" | "refused";

export interface Rule {
  name: RuleName;
  standing: Standing;
}

/** What a password may not hold: an owner whose e-mail isn't known here is judged by the server alone. */
export interface Owner {
  email: string | null;
  productName: string;
}

const SPECIAL = "!@#$%^&*()_+-=[]{}|;:,.<>?";
/** Shorter names occur in too many good passwords. */
const SHORTEST_NAME = 3;

export const SHORTEST: Record<Policy, number> = { spec: 12, nist: 15 };

/** In bytes: what bcrypt can tell apart, and what the API takes at all. */
export const LONGEST: Record<Hash, number> = { bcrypt: 72, argon2id: 1024 };

/** Each rule in the order in which it is told, and whether the password keeps it. */
export function judge(password: string, policy: Policy, owner: Owner, hash: Hash = "bcrypt"): Rule[] {
  const rule = (name: RuleName, isMet: boolean): Rule => ({ name, standing: isMet ? "met" : "broken" });
  const rules = [rule("length", [...password].length >= SHORTEST[policy])];
  if (policy === "spec") {
    rules.push(
      rule("upper", /\p{Uppercase}/u.test(password)),
      rule("lower", /\p{Lowercase}/u.test(password)),
      rule("digit", /[0-9]/.test(password)),
      rule(
        "special",
        [...password].some((character) => SPECIAL.includes(character)),
      ),
    );
  }
  const localPart = owner.email?.split("@")[0] ?? null;
  rules.push(
    localPart === null && password !== ""
      ? { name: "email", standing: "server" }
      : rule("email", password !== "" && !contains(password, localPart ?? "")),
    rule("product", password !== "" && !contains(password, owner.productName)),
    { name: "common", standing: password === "" ? "broken" : "server" },
  );
  if (bytes(password) > LONGEST[hash]) rules.push(rule("bytes", false));
  return rules;
}

function contains(password: string, name: string): boolean {
  return [...name].length >= SHORTEST_NAME && password.toLowerCase().includes(name.toLowerCase());
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
