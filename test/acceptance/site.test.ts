/** The site of the project, built as `npm run site` builds it, in a browser. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { siteFiles } from '../../docs/site/build.js';
import { shippedRevisions } from '../../generator/project/spec.js';
import { writeTemporary } from '../generated.js';
import { describeUnless, projectRoot } from '../shared.js';

let files: ReadonlyMap<string, string>;
let folder: string;

beforeAll(async () => {
  const reference = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-test-'));
  const typedoc = join(projectRoot, 'node_modules/typedoc/bin/typedoc');
  // It fails where there is a warning.
  await promisify(execFile)(process.execPath, [typedoc, '--options', '.typedoc.mjs', '--out', reference], {
    cwd: projectRoot,
  });
  files = await siteFiles(reference);
  folder = writeTemporary(files);
});

/** One of each kind. */
const kinds = [
  ['a guide', 'index.html'],
  ['a guide with long tables', 'guides/docs/command-line.html'],
  ['the list of definitions', 'definitions/index.html'],
  ['the overview of definitions', 'definitions/0.10/index.html'],
  ['a module in WITX', 'definitions/0.10/wasi-ephemeral-crypto-symmetric.html'],
  ['an interface in WIT', 'definitions/0.11/wasi-ephemeral-crypto-common.html'],
  ['differences', 'differences/0.10-0.11.html'],
  ['the table of algorithms', 'algorithms.html'],
  ['a reference', 'reference/wasi-crypto-runtime/component.html'],
] as const;

describe('the site', () => {
  it('has a page of each kind, and a page for each entry point of both packages', () => {
    for (const [, path] of kinds) expect(files.has(path), path).toBe(true);
    const reference = [...files.keys()].filter((path) => path.startsWith('reference/')).sort();
    expect(reference).toEqual([
      'reference/index.html',
      'reference/wasi-crypto-gen.html',
      'reference/wasi-crypto-gen/asc-transform.html',
      'reference/wasi-crypto-gen/memory.html',
      'reference/wasi-crypto-runtime.html',
      'reference/wasi-crypto-runtime/component.html',
      'reference/wasi-crypto-runtime/isolated.html',
      'reference/wasi-crypto-runtime/keys.html',
      'reference/wasi-crypto-runtime/keys/conformance.html',
      'reference/wasi-crypto-runtime/native.html',
    ]);
  });
});

/** What axe, which the page has, finds in it. */
async function graveFaults(page: Page): Promise<readonly string[]> {
  // It would load the stylesheet once more, which the page's policy refuses.
  const run = 'axe.run({ resultTypes: ["violations"], preload: false })';
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Its functions are the first that the search lists. */
const newest = shippedRevisions().at(-1)?.replaceAll('.', '\\.') ?? '';

const executable = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((each) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(each, name)))
  .find(existsSync);
const missing = executable === undefined ? 'skipped: no chromium' : undefined;

describeUnless(missing, 'the site in a browser', () => {
  let browser: Browser;
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  beforeAll(async () => {
    // Root has no sandbox.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath: executable ?? '', args });
  });
  afterAll(async () => {
    await browser.close();
  });

  const screens = [
    { width: 1280, height: 900, colorScheme: 'light' },
    { width: 1280, height: 900, colorScheme: 'dark' },
    { width: 390, height: 844, colorScheme: 'light' },
    { width: 390, height: 844, colorScheme: 'dark' },
  ] as const;

  /** Does something with a page; what it asks for elsewhere, and what its policy refuses, is a failure. */
  async function visit<T>(path: string, options: BrowserContextOptions, act: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext(options);
    const wrong: string[] = [];
    const page = await context.newPage();
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) wrong.push(request.url());
    });
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(pathToFileURL(join(folder, path)).href);
    const result = await act(page);
    await context.close();
    expect(wrong).toEqual([]);
    return result;
  }

  it.each(kinds)('%s fits each screen in both schemes of colours, and axe finds no serious fault', async (_, path) => {
    await visit(path, {}, async (page) => {
      await page.evaluate(axe);
      for (const [at, { width, height, colorScheme }] of screens.entries()) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(back === 'rgb(255, 255, 255)' ? 'light' : 'dark').toBe(colorScheme);
        // Each width and each scheme, once.
        if (at % 3 === 0) expect(await graveFaults(page)).toEqual([]);
      }
    });
  });

  it.each([1280, 390])('finds a function by its name and goes there, at a width of %d', async (width) => {
    await visit('index.html', { viewport: { width, height: 844 } }, async (page) => {
      const input = page.getByRole('searchbox');
      await input.fill('symmetric_state_squeeze');
      const results = page.getByRole('search').getByRole('link');
      expect(await results.first().getAttribute('href')).toMatch(
        new RegExp(`^definitions/${newest}/wasi-ephemeral-crypto-symmetric\\.html#symmetric-state[_-]squeeze$`),
      );
      expect(await page.getByRole('status').textContent()).toMatch(/^\d+ results/);
      await input.press('Enter');
      await page.waitForURL(/#symmetric[_-]state[_-]squeeze$/);
      expect(await page.locator('h3:target').isVisible()).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  });

  it('finds nothing by a name that nothing has, and closes with Escape', async () => {
    await visit('algorithms.html', {}, async (page) => {
      const input = page.getByRole('searchbox');
      await input.fill('no such <b>name</b>');
      expect(await page.getByRole('status').textContent()).toBe('0 results');
      await input.press('Escape');
      expect(await input.inputValue()).toBe('');
      expect(await page.getByRole('status').isVisible()).toBe(false);
    });
  });

  it('leads by keyboard past its top to the content', async () => {
    await visit('index.html', {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    });
  });

  it('is readable without JavaScript on each kind of page', async () => {
    await visit('index.html', { javaScriptEnabled: false }, async (page) => {
      for (const [, path] of kinds) {
        await page.goto(pathToFileURL(join(folder, path)).href);
        expect(await page.locator('main h1').isVisible()).toBe(true);
        expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').first().isVisible()).toBe(true);
        expect(await page.getByRole('searchbox').isVisible()).toBe(false);
      }
    });
  });
});
