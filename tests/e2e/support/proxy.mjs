// A TCP proxy in front of the server that keeps every byte of both directions, and can play a bad network.
import net from 'node:net';

export class Proxy {
  /** @param {number} target port of the server */
  constructor(target) {
    this.target = target;
    /** @type {{up: Buffer[], down: Buffer[]}[]} one entry a connection */
    this.connections = [];
    this.sockets = new Set();
  }

  get url() { return `http://localhost:${this.port}`; }

  async start() {
    this.server = net.createServer((client) => {
      const record = { up: [], down: [] };
      this.connections.push(record);
      const upstream = net.connect(this.target, '127.0.0.1');
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('close', () => this.sockets.delete(socket));
        socket.on('error', () => { client.destroy(); upstream.destroy(); });
      }
      client.on('data', (chunk) => record.up.push(chunk));
      upstream.on('data', (chunk) => record.down.push(chunk));
      client.pipe(upstream);
      upstream.pipe(client);
    });
    await new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port ?? 0, 'localhost', resolve);
    });
    this.port = this.server.address().port;
    return this;
  }

  /** Everything that browsers sent / were sent, as one Buffer. */
  up() { return Buffer.concat(this.connections.flatMap((connection) => connection.up)); }
  down() { return Buffer.concat(this.connections.flatMap((connection) => connection.down)); }

  /** Whether a string or Buffer went over the wire as it is (bodies of sync are compressed: decode those first). */
  saw(needle) { return this.up().includes(needle) || this.down().includes(needle); }

  /** Forgets what was recorded. */
  clear() { this.connections.length = 0; }

  /** Cuts every open connection, as a lost signal does; new ones are accepted. */
  cut() { for (const socket of this.sockets) socket.destroy(); }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
