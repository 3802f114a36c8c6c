// Phones whose clock is wrong.

/**
 * Sets the clock of page and worker off by `ms`, as a wrong setting of the phone does. The phone is launched with
 * `serviceWorkers: 'block'`: the service worker would answer in the place of the network.
 */
export async function setClock(device, ms) {
  const wrong = `{ const Right = Date; const now = () => Right.now() + ${ms};
    globalThis.Date = class extends Right { constructor(...parts) { parts.length ? super(...parts) : super(now()); } static now() { return now(); } }; }`;
  await device.context.addInitScript(wrong);
  await device.context.route('**/worker.js*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${wrong}\n${await response.text()}` });
  });
}
