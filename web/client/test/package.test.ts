import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { root, shipped } from "./bundle.js";

const pkg = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

describe("the package", () => {
  it("is under 5 KB gzipped, and has no module that the browser lacks", async () => {
    const code = await shipped("src/index.ts");
    const size = gzipSync(code, { level: 9 }).length;
    console.info(`@latchkey/client: ${size} bytes gzipped`);
    expect(code).toContain("/auth/refresh");
    expect(code).not.toMatch(/\bimport\b/);
    expect(size).toBeLessThan(5000);
  });

  it("adds next to nothing for axios and React", async () => {
    for (const [entry, limit] of [["src/axios.ts", 1000], ["src/react.ts", 300]] as const) {
      expect(gzipSync(await shipped(entry), { level: 9 }).length).toBeLessThan(limit);
    }
  });

  it("leaves nothing in a bundle that uses nothing of it", async () => {
    expect((await shipped("virtual.ts", 'import "./index.js"; import { AuthError } from "./index.js"; console.log(1);')).trim()).toBe("console.log(1);");
  });

  it("names no storage of the browser anywhere", async () => {
    for (const entry of ["src/index.ts", "src/axios.ts", "src/react.ts"]) {
      expect(await shipped(entry)).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie/);
    }
  });

  it("has no dependencies at run time, no side effects, and two optional peers", () => {
    expect([pkg.dependencies, pkg.sideEffects, pkg.type]).toEqual([undefined, false, "module"]);
    expect(pkg.peerDependenciesMeta).toEqual({ axios: { optional: true }, react: { optional: true } });
    expect(Object.keys(pkg.peerDependencies)).toEqual(["axios", "react"]);
  });

  it("builds what its exports name, types and all, and Node takes it", () => {
    execFileSync("npm", ["run", "--silent", "build"], { cwd: root });
    for (const target of Object.values<{ types: string; default: string }>(pkg.exports)) {
      expect([existsSync(join(root, target.types)), existsSync(join(root, target.default))]).toEqual([true, true]);
    }
    const script = `for (const name of ${JSON.stringify(Object.keys(pkg.exports))}) console.log(Object.keys(await import("@latchkey/client" + name.slice(1))).join());`;
    const names = execFileSync("node", ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8" });
    expect(names.trim().split("\n")).toEqual(["AuthError,createAuthClient", "attachAuth", "useAuth"]);
  });
});

it("every source file begins with a line that says what it is for", () => {
  // `api.ts` is generated.
  const files = readdirSync(join(root, "src")).filter((file) => file !== "api.ts");
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    expect(readFileSync(join(root, "src", file), "utf8"), file).toMatch(/^\/\/ [@`A-Z]/);
  }
});
