// Loaded into the worker of a page that was opened with `?trace=1` (the worker is named `trace` then): tells
// the page when each flush of the store's files has returned and when a reply was posted, so that a
// test can see the order. Times are milliseconds since 1970, as precise as the browser gives them.
const say = (what) => self.postMessage({ trace: what, at: performance.timeOrigin + performance.now() });

const { prototype } = self.FileSystemSyncAccessHandle;
const flush = prototype.flush;
prototype.flush = function () {
  flush.call(this);
  say('flushed');
};
self.__huikuan_tell = say;
