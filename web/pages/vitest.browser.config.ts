import { defineConfig } from "vitest/config";

/** The pages in a real Chromium, before the real functions: `npm run build` and `cargo build --workspace --bins` come first. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
