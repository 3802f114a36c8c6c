// The real server as a child process, on a data folder and a port of its own.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Away } from './away.mjs';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const binary = path.resolve(root, process.env.HUIKUAN_SERVER ?? 'target/debug/sync-server');
export const web = path.resolve(root, process.env.HUIKUAN_WEB ?? 'target/web');

/** A TCP port that nobody uses at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Server {
  /** @param {{data?: string, port?: number, env?: Record<string,string>, args?: string[], web?: string}} options */
  constructor({ data, port, env = {}, args = [], web: site = web } = {}) {
    this.web = site;
    this.data = data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'huikuan-data-'));
    this.ownsData = !data;
    this.port = port;
    this.env = env;
    this.args = args;
    /** What the server has printed since the test began. */
    this.log = '';
    /** While it is deliberately stopped browsers may complain about the network. */
    this.away = new Away();
  }

  /** Origin that browsers open; localhost, so that service workers and OPFS are allowed. */
  get url() { return `http://localhost:${this.port}`; }

  get running() { return !!this.child && this.child.exitCode === null && this.child.signalCode === null; }

  /** Starts `sync-server serve` on the data folder and waits for /healthz. Again after stop(): same data, same port. */
  async start() {
    if (this.running) throw new Error('the server runs already');
    for (const [what, where] of [['server', binary], ['client', this.web]]) {
      if (!fs.existsSync(where)) throw new Error(`no ${what} at ${where}: run make tests web`);
    }
    this.port ??= await freePort();
    const args = ['serve', '--data', this.data, '--port', String(this.port), '--web', this.web, ...this.args];
    this.child = spawn(binary, args, { cwd: root, env: { ...process.env, RUST_LOG: 'info', ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk) => { this.log += chunk; };
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
    this.child.once('error', (error) => { this.log += `\n${error}`; });
    const started_ms = Date.now();
    while (Date.now() - started_ms < 30_000) {
      if (this.child.exitCode !== null || this.child.pid === undefined) break;
      try {
        if ((await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok) {
          this.away.end();
          return this;
        }
      } catch { /* not yet */ }
      await sleep(50);
    }
    throw new Error(`the server did not start:\n${this.log}`);
  }

  /** Stops it: 'SIGTERM' as an administrator would, 'SIGKILL' as a power cut would. */
  async stop(signal = 'SIGTERM') {
    this.away.begin();
    if (!this.running) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
  }

  async restart(signal) {
    await this.stop(signal);
    return this.start();
  }

  /**
   * Runs one command of the server on its data folder, e.g. `await server.cli('user', 'add', '王芳')`.
   * Resolves to {code, stdout, stderr}; throws on a code other than 0 unless `mayFail` is the last argument.
   */
  cli(...args) {
    const mayFail = typeof args.at(-1) === 'object' ? args.pop().mayFail : false;
    return new Promise((resolve, reject) => {
      const [command, ...rest] = args.map(String);
      const options = { cwd: root, maxBuffer: 64 << 20, env: { ...process.env, ...this.env } };
      execFile(binary, [command, ...rest, '--data', this.data], options, (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (error && !(mayFail && typeof code === 'number')) reject(new Error(`sync-server ${args.join(' ')}: ${code}\n${stdout}${stderr}`));
        else resolve({ code, stdout, stderr });
      });
    });
  }

  /** Writes a file below a scratch folder beside the data and returns its path (for `import`). */
  file(name, content) {
    const folder = `${this.data}-files`;
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, name);
    fs.writeFileSync(file, content);
    return file;
  }

  async dispose() {
    await this.stop('SIGKILL');
    fs.rmSync(`${this.data}-files`, { recursive: true, force: true });
    if (this.ownsData) fs.rmSync(this.data, { recursive: true, force: true });
  }
}
