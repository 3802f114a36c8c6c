// The replica's side of the same module: `main` sees that this is a worker.
// What arrives before the module is ready waits and is then delivered in order.
import init from '@APP_JS@';

self.huikuanBuild = '@APP_JS@';
const early = [];
const keep = (event) => { event.stopImmediatePropagation(); early.push(event); };
self.addEventListener('message', keep);
// Tests only: tells when flushes return and replies are posted.
if (self.name === 'trace') await import('/trace.js');
await init();
self.removeEventListener('message', keep);
for (const event of early) self.dispatchEvent(new MessageEvent('message', { data: event.data, ports: [...event.ports] }));
