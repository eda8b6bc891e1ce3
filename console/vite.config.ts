/** One bundle for all seats, built to where the server looks for it; pages are lazy chunks. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The server that `npm run dev` talks to: a city started beside it, `make demo`.
const SERVER = "http://127.0.0.1:8110";

export default defineConfig({
  plugins: [svelte()],
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
    // The map alone is 285 kB gz and comes when a map is opened.
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/v1": SERVER, "/map": SERVER, "/healthz": SERVER } },
  test: { include: ["tests/**/*.test.ts"], environment: "node", css: true },
});
