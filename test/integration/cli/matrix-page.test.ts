import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { matrixPage } from '../../../cli/render/matrix-page/page.ts';
import { noBrowser, startBrowser } from '../../support/browser.ts';
import { matrixReport } from '../../support/matrix-report.ts';
import { describeUnless } from '../../support/netns.ts';

describeUnless(noBrowser, "the matrix's page in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-page-'));
  const file = join(folder, 'matrix.html');
  let browser: Browser;
  let page: Page;
  const troubles: string[] = [];
  const requested: string[] = [];
  beforeAll(async () => {
    writeFileSync(file, matrixPage(matrixReport(), 'lab'));
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    troubles.length = 0;
    requested.length = 0;
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('pageerror', ({ message }) => troubles.push(message));
    page.on('console', (message) => troubles.push(message.text()));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  }, 30_000);
  afterEach(() => page.close());

  const detail = (): ReturnType<Page['locator']> => page.locator('#detail');
  const deadCell = (): ReturnType<Page['locator']> => page.locator('#R1 button.pill.bad');

  test('runs without an error, and asks for nothing but itself', () => {
    expect(troubles).toEqual([]);
    expect(requested).toEqual([pathToFileURL(file).href]);
  });

  test('shows a failed cell with its class and both addresses under the pointer, and hides it again', async () => {
    await page.locator('#R1 button.pill.odd').hover();
    const text = await detail().innerText();
    expect(text).toContain('wrong-source: seen as 172.18.0.3 instead of 10.244.1.2');
    expect(text).toMatch(/client sent from\s+10\.244\.1\.2/);
    expect(text).toMatch(/server saw\s+172\.18\.0\.3/);
    await page.locator('h1').hover();
    expect(await detail().isVisible()).toBe(false);
  });

  test('keeps a cell that is clicked until Escape', async () => {
    await deadCell().click();
    await page.locator('h1').hover();
    expect(await detail().innerText()).toContain('timeout: no answer within 2000 ms');
    await page.keyboard.press('Escape');
    expect(await detail().isVisible()).toBe(false);
  });

  test('leads the Tab key to what failed, and names it for a screen reader', async () => {
    await deadCell().focus();
    expect(await detail().innerText()).toContain('lab-worker/pod-a → lab-worker2/pod-b');
    expect((await deadCell().innerText()).replace(/\s+/g, ' ')).toContain('timeout');
    expect(await page.locator('button.pill.ok[tabindex="0"]').count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Grid of R1' }).count()).toBe(1);
  });

  test('fits its window: only grids scroll sideways', async () => {
    for (const width of [1400, 700, 380]) {
      await page.setViewportSize({ width, height: 800 });
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect({ width, over }).toEqual({ width, over: 0 });
    }
  });

  test('is readable in light and in dark: text stands out from what is behind it', async () => {
    const readings: Record<string, number> = {};
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const selector of [
        'h1',
        '.verdict',
        '.facts',
        '#R1 .pill.bad',
        '#R1 .pill.odd',
        '#R1 .pill.ok',
        '.card.bad .says',
      ]) {
        readings[`${colorScheme} ${selector}`] = await page.locator(selector).first().evaluate(contrast);
      }
    }
    expect(Object.entries(readings).filter(([, ratio]) => ratio < 4.5)).toEqual([]);
    expect(Object.keys(readings)).toHaveLength(14);
  });
});

/** Contrast ratio of WCAG 2 between an element's text and the nearest background behind it. Runs in the page. */
function contrast(element: unknown): number {
  interface Styled {
    readonly parentElement: Styled | null;
  }
  const styleOf = (one: Styled): { readonly color: string; readonly backgroundColor: string } =>
    (
      globalThis as unknown as { getComputedStyle(of: Styled): { color: string; backgroundColor: string } }
    ).getComputedStyle(one);
  const channels = (color: string): readonly number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const light = (color: string): number => {
    const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind: Styled = element as Styled;
  while (channels(styleOf(behind).backgroundColor)[3] === 0 && behind.parentElement !== null)
    behind = behind.parentElement;
  const both = [light(styleOf(element as Styled).color), light(styleOf(behind).backgroundColor)].sort((a, b) => b - a);
  return ((both[0] ?? 0) + 0.05) / ((both[1] ?? 0) + 0.05);
}
