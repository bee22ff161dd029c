import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const client = (file: string): string => fileURLToPath(new URL(`../client/src/${file}.ts`, import.meta.url));

export default defineConfig({
  // In this repository the client is taken from its source. In a project of your own, leave this line out.
  resolve: {
    alias: {
      "@latchkey/client/axios": client("axios"),
      "@latchkey/client/react": client("react"),
      "@latchkey/client": client("index"),
    },
  },
  // An origin that `cargo dev` lets call it.
  server: { port: 5173, strictPort: true },
});
