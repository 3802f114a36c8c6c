// The replica's side of the same module: `main` sees that this is a worker.
// The page's first message is the module as it compiled it: nothing is fetched and compiled twice.
// What else arrives before the module is ready waits and is then delivered in order.
import init from '@APP_JS@';

self.huikuanBuild = '@APP_JS@';
const early = [];
let keep;
const compiled = new Promise((resolve) => {
  keep = (event) => {
    event.stopImmediatePropagation();
    if (event.data instanceof WebAssembly.Module) resolve(event.data);
    else early.push(event);
  };
});
self.addEventListener('message', keep);
// Tests only: tells when flushes return and replies are posted.
if (self.name === 'trace') await import('/trace.js');
await init({ module_or_path: await compiled });
self.removeEventListener('message', keep);
for (const event of early) self.dispatchEvent(new MessageEvent('message', { data: event.data, ports: [...event.ports] }));
