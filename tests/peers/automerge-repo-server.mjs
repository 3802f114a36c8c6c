// automerge-repo's sync server as its documentation shows it: WebSocket adapter, storage in files, no
// announcements of its own. Files are written without fsync; the bench syncs the folder itself.
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { Repo } from '@automerge/automerge-repo'
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { WebSocketServer } from 'ws'
import { Stored, answer, say } from './line.mjs'

const stored = new Stored()

/** The storage of the package; it only counts what has been written. */
class Counted extends NodeFSStorageAdapter {
  async save(key, bytes) {
    await super.save(key, bytes)
    const [document, what] = key
    if (what === 'snapshot' || what === 'incremental') stored.add(document)
  }
}

const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
const repo = new Repo({
  network: [new WebSocketServerAdapter(sockets)],
  storage: new Counted(process.argv[2]),
  peerId: 'server',
  sharePolicy: async () => false,
})
sockets.on('listening', () => say({ ready: sockets.address().port, peer: repo.peerId }))
answer({ stored: ({ count }) => stored.reach(count) })
