import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { leanThree } from './build/lean_three.ts';
import { shortGlsl } from './build/short_glsl.ts';
import { unusedMethods } from './build/unused_methods.ts';

// What tests of the whole call on three's objects within the page.
const CALLED_BY_TESTS = ['localToWorld', 'project', 'worldToLocal'];

// Every HTML file beside this one is a page of its own; what pages have in common goes into chunks that they share.
const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.html'));

// The server that serves the bundle sends a strict Content-Security-Policy: nothing inline, nothing as a data: script.
// Hence no polyfill for module preload (modern browsers have it) and no assets inlined into the page.
export default defineConfig({
  base: '/',
  plugins: [
    leanThree(),
    shortGlsl(),
    unusedMethods({ input: pages, others: () => [leanThree()], kept: CALLED_BY_TESTS }),
  ],
  publicDir: 'public',
  build: {
    outDir: '../yokocho/static',
    rolldownOptions: { input: pages },
    emptyOutDir: true,
    assetsDir: 'static',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    sourcemap: false,
    // Read by tools/bundle_budget.py: which chunk pulls in which.
    manifest: 'bundle.json',
    // The bundle carries the notices of what it is made of, as their licences ask.
    license: { fileName: 'licences.md' },
    // three.js alone is above the default; the true limit is the budget that `make check` measures.
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: {
    // `npm run dev` beside a running `yokocho demo`.
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/assets': 'http://127.0.0.1:8080',
      '/live': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    restoreMocks: true,
    sequence: { shuffle: true },
    testTimeout: 10_000,
  },
});
