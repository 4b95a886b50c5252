import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe } from 'node:test';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A Chromium that is installed on this machine, or the one CHROME_PATH names; none is ever downloaded. */
function installedBrowser(): string | undefined {
  const given = process.env['CHROME_PATH'];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without the sandbox, which needs rights that containers do not give; the pages are this project's own. */
const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox'] });

/** Tests in a Chromium, which is opened once for all of them; skipped where none is installed. */
export function describeInChromium(name: string, tests: (browser: () => Browser) => void): void {
  const executable = installedBrowser();
  const skip = executable ? false : 'no Chromium is installed here (CHROME_PATH names one elsewhere)';
  describe(name, { skip }, () => {
    let browser: Browser | undefined;
    before(async () => {
      if (executable) browser = await openBrowser(executable);
    });
    after(() => browser?.close());
    tests(() => browser ?? assert.fail('no browser was opened'));
  });
}

const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** What axe finds wrong with a page on a phone and on a desktop, in light and in dark: a line for each rule broken. */
export async function violations(browser: Browser, html: string): Promise<readonly string[]> {
  const page = await browser.newPage();
  await page.setContent(html);
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const results = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
      found.push(...results.violations.map((each) => `${screen}, ${colorScheme}: ${violationText(each)}`));
    }
  }
  await page.close();
  return found;
}

const violationText = ({ id, help, nodes }: AxeResults['violations'][number]) =>
  `${id} (${help}), ${nodes.length} times, first in ${nodes[0]?.html.slice(0, 200)}`;
