// The replica's side of the same module: `main` sees that this is a worker.
// The page's first message is the module as it compiled it: nothing is fetched and compiled twice. A page that was
// there before a newer build was taken has another module than this file: then the file's own is fetched, and says
// that page and worker differ.
// What else arrives before the module is ready waits and is then delivered in order.
import init from '@APP_JS@';

self.huikuanBuild = '@APP_JS@';
const early = [];
let keep;
const compiled = new Promise((resolve) => {
  keep = (event) => {
    event.stopImmediatePropagation();
    const { module, build } = event.data ?? {};
    if (module) resolve(build === self.huikuanBuild ? { module_or_path: module } : undefined);
    else early.push(event);
  };
});
self.addEventListener('message', keep);
// Tests only: tells when flushes return and replies are posted.
if (self.name === 'trace') await import('/trace.js');
await init(await compiled);
self.removeEventListener('message', keep);
for (const event of early) self.dispatchEvent(new MessageEvent('message', { data: event.data, ports: [...event.ports] }));
