// Accessibility check with every rule on.
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';

const { source } = createRequire(import.meta.url)('axe-core');

/** Fails with one line a finding when axe finds anything on the page. `what` names the screen in the message. */
export async function expectAccessible(page, what = page.url()) {
  if (!await page.evaluate(() => !!window.axe)) await page.evaluate(source);
  const findings = await page.evaluate(async () => {
    // What is still fading in has other colours than what people read. (Messages that go by themselves are not waited for.)
    const fading = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime <= 1_000);
    const second = new Promise((resolve) => { setTimeout(resolve, 1_000); });
    await Promise.race([second, Promise.all(fading.map((animation) => animation.finished.catch(() => {})))]);
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help}\n    at ${target.join(' ')}\n    ${failureSummary}`));
  });
  expect(findings, `axe on ${what}`).toEqual([]);
}

/** Changes the theme as if the page had been opened in it: all styles are worked out anew. */
export async function colours(device, colorScheme) {
  await device.page.emulateMedia({ colorScheme });
  await device.page.evaluate(() => new Promise((done) => {
    // Chromium now and then keeps inherited colours of the other theme for parts of an open page.
    const { style } = document.body;
    style.display = 'none';
    void document.body.offsetHeight;
    style.display = '';
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)));
  }));
}
