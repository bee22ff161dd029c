import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const api = process.env["LATCHKEY"] ?? "http://localhost:9000";

export default defineConfig({
  // One HTML file a page: any host that serves files can serve them.
  appType: "mpa",
  resolve: { alias: { "@latchkey/client": here("../client/src/index.ts") } },
  build: {
    rolldownOptions: { input: readdirSync(here(".")).filter((name) => name.endsWith(".html")) },
    // Everything is a file: the policy allows nothing inline but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "baseline-widely-available",
  },
  // `npm run dev`: the pages as they are edited, before the API of a running `cargo dev`. That knows this origin (web/example
  // has 5173); on another port, every call with a cookie would be refused.
  server: { port: 5174, strictPort: true, proxy: { "/api": api, "/config.json": api } },
});
