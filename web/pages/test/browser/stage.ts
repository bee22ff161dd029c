/** `cargo dev` itself: the real functions, the gateway with the pages, the inbox, in a process of their own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const ADA = { email: "ada@example.com", password: "Correct-Horse-7-Staple" };

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export interface Stage {
  /** `http://localhost:PORT`, where the pages are. */
  url: string;
  /** A call of the API, without any cookie. */
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  /** An access token of the account to try. */
  adminToken(): Promise<string>;
  /** A new account with this password, made as its owner would make it: by invitation and link. */
  person(email: string, password: string, more?: { role?: string; name?: string }): Promise<string>;
  /** Waits for a mail to this address, with these words in its subject. */
  mail(to: string, subject: string): Promise<Mail>;
  stop(): Promise<void>;
}

const binary =
  process.env["LATCHKEY_LOCAL"] ?? fileURLToPath(new URL("../../../../target/debug/latchkey-local", import.meta.url));

/** Starts one with its own empty database. Settings reach the functions. */
export async function startStage(settings: Record<string, string> = {}): Promise<Stage> {
  const process_ = spawn(binary, ["--memory", "--port", "0", "--dynamodb-port", "0", "--json", "--retry-after", "5"], {
    env: { ...process.env, BCRYPT_COST: "10", ...settings },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { api } = await ready(process_);
  const url = api.replace("/api/v1", "");
  const call = async (method: string, path: string, body?: unknown, token?: string): Promise<Answer> => {
    const headers = {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(api + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  };
  const mail = (to: string, subject: string): Promise<Mail> =>
    eventually(async () => {
      const mails = (await (await fetch(`${url}/inbox.json`)).json()) as Mail[];
      return mails.find((found) => found.to.includes(to) && found.subject.includes(subject));
    }, `a mail to ${to}: ${subject}`);
  const adminToken = async (): Promise<string> => {
    const { body } = await call("POST", "/auth/login", ADA);
    return body["access_token"] as string;
  };
  return {
    url,
    call,
    mail,
    adminToken,
    async person(email, password, more = {}) {
      const made = await call("POST", "/admin/users", { email, ...more }, await adminToken());
      const token = tokenOf(await mail(email, "account"));
      const chosen = await call("POST", "/auth/reset-password", { token, new_password: password });
      if (chosen.status !== 200) throw new Error(JSON.stringify(chosen));
      return made.body["id"] as string;
    },
    async stop() {
      process_.kill("SIGTERM");
      if (process_.exitCode === null) await once(process_, "exit");
    },
  };
}

async function ready(process_: ChildProcess): Promise<{ api: string }> {
  const lines = createInterface({ input: process_.stdout! });
  const line = new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    process_.once("error", reject);
    process_.once("exit", (code) => reject(new Error(`latchkey-local ended with ${code}`)));
  });
  return JSON.parse(await line);
}

/** The link in a mail. */
export function linkOf(mail: Mail): string {
  const link = /https?:\/\/\S+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no link in ${mail.text}`);
  return link;
}

/** The token in a mail's link. */
export function tokenOf(mail: Mail): string {
  return new URLSearchParams(new URL(linkOf(mail)).hash.slice(1)).get("token") ?? "";
}

/** Looks again until there is something; 30 seconds at most. */
export async function eventually<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
