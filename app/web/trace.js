// Loaded into the worker of a page that was opened with `?trace=1` (the worker is named `trace` then): tells
// the page when each write and each flush of the store's files has returned and when a reply was posted, so
// that a test can see the order. Times are milliseconds since 1970, as precise as the browser gives them.
const say = (what, more) => self.postMessage({ trace: what, at: performance.timeOrigin + performance.now(), ...more });

const { prototype } = self.FileSystemSyncAccessHandle;
const { flush, write } = prototype;
prototype.flush = function () {
  flush.call(this);
  say('flushed');
};
prototype.write = function (bytes, options) {
  const from = options?.at ?? 0;
  const length = write.call(this, bytes, options);
  say('written', { from, to: from + length });
  return length;
};
self.__huikuan_tell = (what) => say(what);
