// Browser tests against the real server. Run by `make e2e` (and `make test`); one file alone:
//   make e2e ONLY=smoke
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  testDir: './specs',
  outputDir: path.join(root, 'target/e2e-results'),
  // Tests start servers, browsers and stop-watches of their own: one after the other on a small machine.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./plain-reporter.mjs']],
});
