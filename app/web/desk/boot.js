// Starts the desk in its page. Everything it loads lies in /desk/, so that the phone's service worker never
// mixes two builds; the desk itself is not stored on the device: finance works with the server.
const huikuan = (window.huikuan = { texts: {} });

async function readTexts() {
  await Promise.all(['zh-CN', 'en'].map(async (tag) => {
    const file = await fetch(`/desk/${tag}.ftl`);
    if (!file.ok) throw new Error(`${tag}: ${file.status}`);
    huikuan.texts[tag] = await file.text();
  }));
}

try {
  const [module, { default: init }] = await Promise.all([
    WebAssembly.compileStreaming(fetch('@DESK_WASM@')),
    import('@DESK_JS@'),
    readTexts(),
  ]);
  await init({ module_or_path: module });
} catch (error) {
  document.getElementById('boot-trouble').hidden = false;
  throw error;
}
