// What is measured inside the page, by the page's own clock (milliseconds since the navigation began).

/**
 * Runs before anything of the page: notes when the first card of the work list has been painted, by the app or as
 * the picture of how it was left (`first-card-painted`), and when the app itself has painted it (`app-ready`).
 */
export function watchFirstCard() {
  const painted = (mark) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => performance.mark(mark);
    port2.postMessage(null);
  });
  const awaited = new Map([
    ['first-card-painted', '#work-list li, [data-was="work-list"] li'],
    ['app-ready', 'html:not(.pictured) #work-list li'],
  ]);
  const observer = new MutationObserver(() => {
    for (const [mark, selector] of awaited) {
      if (!document.querySelector(selector)) continue;
      awaited.delete(mark);
      painted(mark);
    }
    if (!awaited.size) observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ['class'] });
}

/** Waits for both marks and gives their times with those of the files that were loaded on the way. */
export async function firstCard(page) {
  await page.waitForFunction(() => performance.getEntriesByName('app-ready').length, undefined, { timeout: 120_000, polling: 100 });
  return page.evaluate(() => {
    const [first] = performance.getEntriesByName('first-card-painted');
    const [ready] = performance.getEntriesByName('app-ready');
    const files = performance.getEntriesByType('resource').map((r) => [r.name.split('/').at(-1), Math.round(r.startTime), Math.round(r.responseEnd)]);
    const marks = performance.getEntriesByType('mark').map((m) => [m.name, Math.round(m.startTime)]);
    return { ms: first.startTime, ready_ms: ready.startTime, files, marks };
  });
}

/** From the tap on an element to the *saved* on the screen. Begin it before the tap; it resolves to milliseconds. */
export async function tapToSaved(page, selector, tap) {
  await page.evaluate((selector) => {
    window.__saved = new Promise((resolve) => {
      document.querySelector(selector).addEventListener('click', (event) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector('#toasts .toast')) return;
          observer.disconnect();
          resolve(performance.now() - event.timeStamp);
        });
        observer.observe(document, { subtree: true, childList: true });
      }, { capture: true, once: true });
    });
  }, selector);
  await tap();
  return page.evaluate(() => window.__saved);
}
