import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env['KUBEDRILL_BROWSER'] ?? PLACES.find((place) => existsSync(place));

/** Why no browser can be had; undefined when there is one (Debian's package chromium, or the program in KUBEDRILL_BROWSER). */
export const noBrowser =
  program === undefined ? 'no browser: apt-get install chromium, or set KUBEDRILL_BROWSER' : undefined;

/** A browser without a window. Root has to go without Chromium's sandbox; the pages are our own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program ?? '', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
