// The package as an application ships it.

import { join } from "node:path";

import { build, type Rolldown } from "vite";

/** The folder of the package. */
export const root = join(import.meta.dirname, "..");

/** An entry, bundled and minified, what it imports from other packages left out; `code`: an entry that is no file. */
export async function shipped(entry: string, code?: string): Promise<string> {
  const virtual = {
    name: "entry",
    resolveId: (id: string) => (id === entry ? `${root}/src/${id}` : null),
    load: (id: string) => (id === `${root}/src/${entry}` ? code : null),
  };
  const output = (await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: code === undefined ? [] : [virtual],
    build: {
      write: false,
      minify: true,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: entry, external: ["axios", "react"], preserveEntrySignatures: "strict" },
    },
  })) as Rolldown.RolldownOutput;
  return output.output.map((chunk) => ("code" in chunk ? chunk.code : "")).join("");
}
