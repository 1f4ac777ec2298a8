// Looks at pages in Chromium: node tests/browser/check.mjs PAGE.html… [--pictures DIR]
//
// Each page at two widths, light and dark, by the rules of axe; without a script; by keyboard; and nothing may be asked of
// a network. Every finding is a line; the last line counts. The exit code is 1 if there is a finding.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie where the test put them, which need not be in the repository.
const packages = process.env.VACATUR_NODE_MODULES ?? join(import.meta.dirname, 'node_modules');
const require = createRequire(join(packages, 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const given = process.argv.slice(2);
const at = given.indexOf('--pictures');
const pictures = at < 0 ? undefined : given.splice(at, 2)[1];
if (pictures) mkdirSync(pictures, { recursive: true });
if (given.length === 0) throw new Error('no page is given');

let passed = 0;
const findings = [];
const check = (fine, what) => { if (fine) passed += 1; else findings.push(what); };

const profile = mkdtempSync(join(tmpdir(), 'vacatur-browser-'));
const open = (options) => chromium.launchPersistentContext(mkdtempSync(join(profile, 'p-')), {
  executablePath: process.env.VACATUR_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
  ...options,
});

// Opens a page and keeps what it asks for.
const visit = async (context, file) => {
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const url = pathToFileURL(resolve(file)).href;
  await page.goto(url);
  return { page, foreign: () => asked.filter((it) => it !== url && !it.startsWith('data:')) };
};

try {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await open({ viewport: { width, height }, colorScheme });
      for (const file of given) {
        const where = `${basename(file)} at ${width}, ${colorScheme}`;
        const { page, foreign } = await visit(context, file);
        // Everything is looked at, also what is folded.
        await page.evaluate(() => document.querySelectorAll('details').forEach((it) => { it.open = true; }));
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, {
          resultTypes: ['violations'],
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }));
        check(passes.length > 10, `${where}: axe looked at almost nothing`);
        check(violations.length === 0, violations.map((it) =>
          `${where}: ${it.id}: ${it.help}: ${it.nodes.length} × ${it.nodes[0].html.slice(0, 160)} ${it.nodes[0].any[0]?.message ?? ''}`).join('\n'));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        check(wide <= 0, `${where}: the page is ${wide} points wider than the window`);
        check(foreign().length === 0, `${where}: asks for ${foreign().join(' ')}`);
        if (pictures) {
          const name = `${basename(dirname(resolve(file)))}-${basename(file, '.html')}-${width}-${colorScheme}.png`;
          await page.screenshot({ path: join(pictures, name), fullPage: true });
        }
        await page.close();
      }
      await context.close();
    }
  }

  // Without a script, and by keyboard.
  const context = await open({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  for (const file of given) {
    const name = basename(file);
    const { page, foreign } = await visit(context, file);
    check(await page.locator('script').count() === 0, `${name}: holds a script`);
    check(await page.locator('h1').isVisible(), `${name}: nothing is to be seen without a script`);
    const unnamed = await page.locator('svg:not([role="img"]), svg[role="img"]:not(:has(title))').count();
    check(unnamed === 0, `${name}: ${unnamed} pictures have no title`);
    if (await page.locator('a.skip').count() > 0) {
      await page.keyboard.press('Tab');
      check(await page.locator('a.skip:focus').count() === 1, `${name}: the first stop is not the link to the content`);
      const place = await page.locator('a.skip').boundingBox();
      check(place && place.x >= 0 && place.y >= 0, `${name}: the link to the content is not seen when it is reached`);
      await page.keyboard.press('Enter');
      check(await page.locator('main:focus').count() === 1, `${name}: the link does not lead to the content`);
    }
    const folded = page.locator('details:not([open])').first();
    if (await folded.count() > 0) {
      // The same one afterwards, when it is no longer the first that is folded.
      const one = await folded.elementHandle();
      await folded.locator('summary').focus();
      await page.keyboard.press('Enter');
      const open = page.locator('details[open]:has(summary:focus)');
      check(one !== null && await open.count() === 1, `${name}: a folded part does not open by Enter`);
    }
    check(foreign().length === 0, `${name}: asks for ${foreign().join(' ')}`);
    await page.close();
  }
  await context.close();
} finally {
  rmSync(profile, { recursive: true, force: true });
}
for (const finding of findings) console.log(finding);
console.log(`${passed} passed, ${findings.length} failed`);
process.exitCode = findings.length > 0 ? 1 : 0;
