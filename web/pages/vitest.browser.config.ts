import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The one that mostly waits comes first: the others run meanwhile. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      ["looks", "expiry"].findIndex((name) => moduleId.includes(name));
    return [...files].sort((a, b) => rank(b) - rank(a));
  }
}

/** The pages in a real Chromium, before the real functions: `npm run build` and `cargo build --workspace --bins` come first. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    // What waits for a page gives up after 30 s; a busy machine may take its time for many such steps.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
