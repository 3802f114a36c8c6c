// What lies in a browser's private file system, looked at from outside the app.

/** Which of the texts stand somewhere in the app's files on this device, as UTF-8. Leaves everything as it is. */
export function inStore(device, texts) {
  return device.page.evaluate(async (texts) => {
    const found = new Set();
    let bytes = 0;
    const walk = async (folder) => {
      for await (const [, entry] of folder.entries()) {
        if (entry.kind === 'directory') {
          await walk(entry);
          continue;
        }
        const content = await (await entry.getFile()).arrayBuffer();
        bytes += content.byteLength;
        const text = new TextDecoder().decode(content);
        for (const wanted of texts) if (text.includes(wanted)) found.add(wanted);
      }
    };
    await walk(await navigator.storage.getDirectory());
    if (!bytes) throw new Error('no store on this device: this would prove nothing');
    return [...found];
  }, texts);
}
