// A server on 127.0.0.1 that keeps the contract of the README: rotation, grace, cookies, errors; and fails when told.

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { User } from "../src/index.js";

/** What came in. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** What happens to a request instead of its rule; `lost`: the rule is applied, and its answer does not arrive; a promise:
 * it is applied, and its answer waits for that. */
export type Fault =
  | Promise<void>
  | "dropped"
  | "lost"
  | "hanging"
  | { status: number; headers?: Record<string, string>; body?: unknown; type?: string };

interface LiveSession {
  id: string;
  user: User;
  counter: number;
  rotatedAt: number;
}

const GRACE = 10_000;
const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict";
export const PASSWORD = "Correct-Horse-7-Staple";
export const ADA = person("Ada");
export const GRACE_H = person("Grace");

function person(name: string): User {
  const times = { created_at: "2026-11-23T13:54:38Z", last_login: null };
  return { id: `id-${name}`, email: `${name.toLowerCase()}@example.com`, name, role: "member", status: "active", ...times };
}

export class TestServer {
  /** Seconds that an access token lives. */
  lifetime = 900;
  /** How far its clock is ahead of ours, in milliseconds. */
  ahead = 0;
  /** How long a preflight waits, in milliseconds. */
  preflight = 0;
  /** All requests, preflights excepted. */
  readonly seen: Seen[] = [];
  readonly users = [structuredClone(ADA), structuredClone(GRACE_H)];
  readonly sessions = new Map<string, LiveSession>();
  private readonly accessTokens = new Map<string, { session: LiveSession; expiresAt: number }>();
  private readonly faults = new Map<string, Fault[]>();
  private readonly http = createServer((request, response) => void this.take(request, response));

  static async start(): Promise<TestServer> {
    const server = new TestServer();
    await new Promise<void>((listening) => server.http.listen(0, "127.0.0.1", listening));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((closed) => this.http.close(closed));
  }

  /** The next requests to this path meet these faults, one each. */
  fail(path: string, ...faults: Fault[]): void {
    this.faults.set(path, [...(this.faults.get(path) ?? []), ...faults]);
  }

  /** The next answer of this path waits until the returned function is called. */
  hold(path: string): () => void {
    let release!: () => void;
    this.fail(path, new Promise<void>((done) => (release = done)));
    return release;
  }

  heal(): void {
    this.faults.clear();
  }

  /** How often this path was asked for. */
  count(path: string): number {
    return this.seen.filter((seen) => seen.path === path).length;
  }

  last(path: string): Seen {
    const seen = this.seen.filter((one) => one.path === path).at(-1);
    if (!seen) throw new Error(`nobody asked for ${path}`);
    return seen;
  }

  /** As a change of the password elsewhere does: access tokens die, sessions go on. */
  voidAccessTokens(): void {
    this.accessTokens.clear();
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const path = (request.url ?? "").replace("/api/v1", "");
    for (const [name, value] of Object.entries(cors(request))) response.setHeader(name, value);
    if (request.method === "OPTIONS") return void setTimeout(() => response.writeHead(204).end(), this.preflight);
    const seen = { method: request.method!, path, headers: request.headers, body: Buffer.concat(chunks).toString() };
    this.seen.push(seen);
    const fault = this.faults.get(path)?.shift();
    if (fault === "dropped") return void request.socket.destroy();
    if (fault === "hanging") return;
    if (typeof fault === "object" && "status" in fault) {
      response.writeHead(fault.status, { "content-type": fault.type ?? "application/problem+json", ...fault.headers });
      return void response.end(typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body ?? { detail: "no" }));
    }
    const answer = this.rule(seen);
    if (fault === "lost") return void request.socket.destroy();
    await fault;
    const { status = 200, body, headers = {} } = answer;
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { ...(body === undefined ? {} : { "content-type": type }), ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  private rule(seen: Seen): Answer {
    const [path] = seen.path.split("?") as [string];
    const body = seen.headers["content-type"] === "application/json" ? JSON.parse(seen.body) : {};
    if (path === "/auth/login") return this.login(body);
    if (path === "/auth/refresh") return this.refresh(body, seen);
    if (path === "/auth/logout") return this.logout(body, seen);
    if (path === "/elsewhere") return { status: 307, headers: { location: new URLSearchParams(seen.path.split("?")[1]).get("to")! } };
    if (/^\/auth\/(forgot|reset|register|verify)/.test(path)) return { body: { message: `done ${path}` } };
    const access = this.accessTokens.get(seen.headers.authorization?.replace("Bearer ", "") ?? "");
    if (!access || access.expiresAt <= this.now()) return problem(401, "Could not validate credentials");
    return this.guarded(`${seen.method} ${path}`, access.session, body, seen);
  }

  private guarded(route: string, session: LiveSession, body: Record<string, string>, seen: Seen): Answer {
    switch (route) {
      case "GET /users/me":
        return { body: session.user };
      case "GET /auth/sessions":
        return { body: { sessions: [{ id: session.id, current: true }] } };
      case `DELETE /auth/sessions/${session.id}`:
        this.sessions.delete(session.id);
        return { status: 204 };
      case "POST /auth/change-password":
        this.voidAccessTokens();
        return { body: { access_token: this.mint(session), token_type: "bearer", expires_in: this.lifetime, ...(body.device_token && { device_token: "device-2" }) } };
      case "POST /auth/confirm-email":
        session.user.email = "new@example.com";
        return { body: { message: "changed" } };
      case "POST /auth/change-email":
        return { body: { message: "mailed" } };
      default:
        return { body: { user: session.user.name, method: seen.method, path: seen.path, body: seen.body } };
    }
  }

  private login(body: Record<string, string>): Answer {
    const user = this.users.find((one) => one.email === body.email);
    if (!user || body.password !== PASSWORD) return problem(401, "Incorrect email or password");
    const session = { id: randomBytes(6).toString("hex"), user, counter: 0, rotatedAt: 0 };
    this.sessions.set(session.id, session);
    const inCookie = body.delivery === "cookie";
    return this.tokens(session, inCookie, { user, ...(!inCookie && { device_token: "device-1" }) });
  }

  private refresh(body: Record<string, string>, { headers }: Seen): Answer {
    const shown = body.refresh_token ?? cookieOf(headers);
    const [id, counter] = (shown ?? "").split(".");
    const session = this.sessions.get(id!);
    if (!session) return problem(401, "Invalid refresh token");
    const behind = session.counter - Number(counter);
    const hasGrace = session.counter > 0 && this.now() <= session.rotatedAt + GRACE;
    if (behind === 0 && !hasGrace) {
      session.counter++;
      session.rotatedAt = this.now();
    } else if (behind > 1 || !hasGrace) {
      this.sessions.delete(session.id);
      return problem(401, "Invalid refresh token");
    }
    return this.tokens(session, body.refresh_token === undefined, {});
  }

  private logout(body: Record<string, string>, { headers }: Seen): Answer {
    const shown = body.refresh_token ?? cookieOf(headers);
    const existed = this.sessions.delete((shown ?? "").split(".")[0]!);
    if (body.everywhere && !existed) return problem(401, "Invalid refresh token");
    return { status: 204, headers: { "set-cookie": `__Host-refresh_token=; Max-Age=0; ${ATTRIBUTES}` } };
  }

  private tokens(session: LiveSession, inCookie: boolean, more: object): Answer {
    const refresh = `${session.id}.${session.counter}`;
    const body = { access_token: this.mint(session), token_type: "bearer", expires_in: this.lifetime, ...more };
    return inCookie
      ? { body, headers: { "set-cookie": `__Host-refresh_token=${refresh}; ${ATTRIBUTES}` } }
      : { body: { ...body, refresh_token: refresh } };
  }

  private mint(session: LiveSession): string {
    const iat = Math.floor(this.now() / 1000);
    const claims = { sub: session.user.id, sid: session.id, iat, exp: iat + this.lifetime };
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const token = [encode({ typ: "at+jwt" }), encode(claims), randomBytes(9).toString("base64url")].join(".");
    this.accessTokens.set(token, { session, expiresAt: claims.exp * 1000 });
    return token;
  }
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };

function problem(status: number, detail: string): Answer {
  return { status, body: { type: "about:blank", status, detail } };
}

/** Pages of every origin may call: whose cookie is taken is not tested here. */
function cors({ headers }: IncomingMessage): Record<string, string> {
  return {
    "access-control-allow-origin": headers.origin ?? "null",
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "content-type, authorization",
    "access-control-allow-methods": "GET, POST, PATCH, DELETE",
    "access-control-expose-headers": "retry-after",
  };
}

function cookieOf(headers: IncomingMessage["headers"]): string | undefined {
  return headers.cookie?.match(/__Host-refresh_token=([^;]*)/)?.[1] || undefined;
}
