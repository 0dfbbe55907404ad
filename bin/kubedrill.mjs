#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('kubedrill is not built yet\ndist/ is missing\nTry: npm run build\n');
  process.exitCode = 4;
}
