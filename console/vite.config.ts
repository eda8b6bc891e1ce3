/** One bundle for all seats, built to where the server looks for it; pages are lazy chunks. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The server that `npm run dev` talks to: a city started beside it, `make demo`.
const SERVER = "http://127.0.0.1:8110";

/** No server ever draws these pages, so nothing takes over what one has drawn: 1.2 kB of every page. */
const NO_HYDRATION = `
export const hydrating = false;
export const hydrate_node = null;
export function set_hydrating() {}
export function set_hydrate_node(node) { return node; }
export function hydrate_next() {}
export function reset() {}
export function hydrate_template() {}
export function next() {}
export function skip_nodes() {}
export function read_hydration_instruction() { return ""; }
`;

export default defineConfig({
  plugins: [
    {
      name: "no-hydration",
      apply: "build",
      load: (id) => (/svelte\/src\/internal\/client\/dom\/hydration\.js$/.test(id) ? NO_HYDRATION : null),
    },
    // A third of what the compiler writes: a class stands in every element of every part.
    svelte({ compilerOptions: { cssHash: ({ hash, css }) => `s${hash(css).slice(0, 6)}` } }),
  ],
  build: {
    outDir: "../src/kuaifan/web/static",
    emptyOutDir: true,
    // Chromium of a desk's machine may be two years old, not ten.
    target: "es2022",
    modulePreload: {
      polyfill: false,
      // The names of every chunk's chunks would be 1 kB of each page; most chunks need none.
      resolveDependencies: (_file, deps) => deps.filter((each) => each.endsWith(".css")),
    },
    // The strict content policy of the server forbids data: fonts and scripts; icons are drawn.
    assetsInlineLimit: 0,
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /svelte\/src\/internal\/client\/dom\//, sideEffects: false }, { test: /svelte\/src\/internal\/shared/, sideEffects: false }] },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // A crew starts with buttons: what the fields of a form need comes with a form.
            { name: "choices", test: /svelte\/.*\/(bindings\/select|elements\/actions)\.js/, priority: 3 },
            { name: "fields", test: /svelte\/.*\/(bindings\/(input|this)|shared\/clone|blocks\/snippet)\.js/, priority: 3 },
            { name: "svelte", test: /node_modules\/(svelte|esm-env|clsx)\//, priority: 2 },
            // Small things of nearly every page: each as a file of its own would cost 200 bytes.
            { name: "base", test: /rolldown.runtime|src\/(parts\/(Lazy|LevelBox|fetchPart)|words\/(duration|domain)|shell\/(StreamAge|Looks))/ },
            { name: "me", test: /src\/(api\/session|shell\/me\.svelte)/ },
            { name: "desk", test: /src\/(keys\/|api\/explain|words\/zh\/(incident|map)\.|map\/(MapPane|features|layers)|pages\/dispatch\/queue)/ },
          ],
        },
      },
    },
    // The map alone is 285 kB gz and comes when a map is opened.
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/v1": SERVER, "/map": SERVER, "/healthz": SERVER } },
  test: { include: ["tests/**/*.test.ts"], environment: "node", css: true },
});
