/**
 * `npm run page`: the web page in a headless Chromium, which is set up in .cache the first time (a hundred megabytes, so it is nobody's dependency).
 * Says what holds, and fails when something does not. `--screenshot FILE` keeps what was seen.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostileView } from './hostile-view';
import type { View } from '../src/report/view';
import { webDoor } from '../src/web/door';

const FOLDER = join(__dirname, '..', '..', '..', '.cache', 'browser');
const PACKAGES = ['@sparticuz/chromium@147.0.0', 'puppeteer-core@24.43.1'];

/** As much of puppeteer as is used: it is not there when this is compiled. */
interface Page {
  readonly keyboard: { press(key: string): Promise<void> };
  goto(address: string): Promise<unknown>;
  url(): string;
  on(event: string, listener: (value: { readonly message: string; text(): string }) => void): void;
  evaluate<T>(expression: string): Promise<T>;
  waitForFunction(expression: string): Promise<unknown>;
  setViewport(size: { width: number; height: number }): Promise<void>;
  emulateMediaFeatures(features: Array<{ name: string; value: string }>): Promise<void>;
  screenshot(options: { path: string; fullPage: boolean }): Promise<unknown>;
}

interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

async function launch(): Promise<Browser> {
  if (!existsSync(join(FOLDER, 'node_modules', 'puppeteer-core'))) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), '{"private":true}');
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], { cwd: FOLDER, stdio: 'inherit' });
    assert.equal(status, 0, 'the browser could not be installed');
  }
  const resolve = createRequire(join(FOLDER, 'package.json')).resolve;
  const load = async (name: string) => import(pathToFileURL(resolve(name)).href) as Promise<{ default: Record<string, unknown> }>;
  const { default: chromium } = await load('@sparticuz/chromium') as unknown as { default: { args: string[]; executablePath(): Promise<string> } };
  const { default: puppeteer } = await load('puppeteer-core') as unknown as { default: { launch(options: object): Promise<Browser> } };
  return puppeteer.launch({ args: chromium.args, executablePath: await chromium.executablePath(), headless: 'shell' });
}

/** The relative luminance of `rgb(…)`, as WCAG 2 has it. */
const CONTRAST = `(() => {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((each) => each / 255).map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => { for (let each = node; each; each = each.parentElement) { const color = getComputedStyle(each).backgroundColor; if (color !== 'rgba(0, 0, 0, 0)') return color; } return 'rgb(255, 255, 255)'; };
  const low = [];
  for (const node of document.querySelectorAll('body *')) {
    if (node instanceof SVGElement || ![...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim())) continue;
    const [a, b] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(node.tagName + '.' + node.className + ' ' + node.textContent.slice(0, 30));
  }
  return low;
})()`;

async function main(): Promise<void> {
  let view: View = hostileView('first');
  let revision = 1;
  const token = 'page-in-chromium-token';
  const server = createServer((request, response) => door(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const door = webDoor({ token, endpoint, revision: () => String(revision), view: () => view });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(`${endpoint}/_emulator/?token=${token}`);
    await page.waitForFunction('document.querySelectorAll("#timeline rect").length > 3');

    assert.equal(page.url(), `${endpoint}/_emulator/`);
    holds('the token is not in the address any more');
    assert.equal(await page.evaluate('window.attacked'), undefined);
    assert.equal(await page.evaluate('document.querySelectorAll("img, iframe, object, main script, [onerror], [onload]").length'), 0);
    assert.ok(await page.evaluate<boolean>('document.body.textContent.includes("<img src=x onerror=")'));
    holds('markup in names is shown as text');
    assert.deepEqual(complaints, []);
    holds('nothing breaks the content security policy, and no script fails');
    assert.equal(await page.evaluate('document.querySelectorAll("#timeline rect.critical").length > 1'), true);
    holds('the critical path is marked');

    await page.evaluate('document.querySelector("#stacks details").open = true');
    view = hostileView('second');
    revision += 1;
    await page.waitForFunction('document.body.textContent.includes("second")');
    assert.equal(await page.evaluate('document.querySelector("#stacks details").open'), true);
    holds('what changes is shown without a reload, and what was open stays open');

    await page.evaluate('document.activeElement.blur()');
    const reached: string[] = [];
    for (let step = 0; step < 24; step++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate<string>('document.activeElement.tagName + " " + (document.activeElement.getAttribute("href") ?? document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.slice(0, 20))'));
    }
    assert.equal(reached[0], 'A #content');
    assert.ok(reached.some((each) => each.startsWith('SUMMARY')) && reached.some((each) => each.startsWith('DIV Chart')), reached.join('\n'));
    holds('links, stacks and the chart are reached by the keyboard, the skip link first');

    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      assert.deepEqual(await page.evaluate(CONTRAST), []);
      holds(`all text has a contrast of 4.5 or more, ${value}`);
      const at = process.argv.indexOf('--screenshot');
      if (at > 0) await page.screenshot({ path: process.argv[at + 1].replace(/(\.\w+)$/, `-${value}$1`), fullPage: true });
    }
    await page.setViewport({ width: 380, height: 800 });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), true);
    holds('a narrow window does not scroll sideways');

    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await page.waitForFunction('document.getElementById("state").textContent.includes("does not answer")');
    holds('it says when the emulator is gone');
  } finally {
    await browser.close();
    server.close();
  }
}

function holds(claim: string): void {
  process.stdout.write(`holds: ${claim}\n`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
