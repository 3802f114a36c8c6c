// What is measured inside the page, by the page's own clock (milliseconds since the navigation began).

/** Runs before anything of the page: notes when the first card of the work list has been painted. */
export function watchFirstCard() {
  const painted = () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => performance.mark('first-card-painted');
    port2.postMessage(null);
  });
  const observer = new MutationObserver(() => {
    if (!document.querySelector('#work-list li')) return;
    observer.disconnect();
    painted();
  });
  observer.observe(document, { subtree: true, childList: true });
}

/** Waits for the mark and gives its time with those of the files that were loaded on the way. */
export async function firstCard(page) {
  await page.waitForFunction(() => performance.getEntriesByName('first-card-painted').length, undefined, { timeout: 120_000, polling: 100 });
  return page.evaluate(() => {
    const [mark] = performance.getEntriesByName('first-card-painted');
    const files = performance.getEntriesByType('resource').map((r) => [r.name.split('/').at(-1), Math.round(r.startTime), Math.round(r.responseEnd)]);
    const marks = performance.getEntriesByType('mark').map((m) => [m.name, Math.round(m.startTime)]);
    return { ms: mark.startTime, files, marks };
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
