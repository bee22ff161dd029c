/** A host of static files, as any would serve a build; for front ends on another origin than the API. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

export interface Host {
  port: number;
  stop(): Promise<void>;
}

/** Serves a folder on 127.0.0.1 (and so on localhost), with a `config.json` and headers of its own. */
export async function serve(
  folder: string,
  port: number,
  config: object,
  headers: Record<string, string>,
): Promise<Host> {
  const server = createServer(async ({ url = "/" }, response) => {
    const name = url.split("?")[0] ?? "/";
    const file = name === "/" ? "index.html" : extname(name) === "" ? `${name}.html` : name;
    const text =
      name === "/config.json" ? JSON.stringify(config) : await readFile(join(folder, file)).catch(() => null);
    response.writeHead(text === null ? 404 : 200, { "content-type": TYPES[extname(file)] ?? "text/plain", ...headers });
    response.end(text ?? "");
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that was free a moment ago: the API must know a front end's origin before it starts. */
export async function freePort(): Promise<number> {
  const host = await serve("/", 0, {}, {});
  await host.stop();
  return host.port;
}
