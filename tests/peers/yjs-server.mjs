// The server of y-websocket with LevelDB as its documentation starts it (`YPERSISTENCE`), on a free port.
// LevelDB writes without fsync; the bench syncs the folder itself.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { Stored, answer, say } from './line.mjs'

process.env.YPERSISTENCE = process.argv[2]
const { getPersistence, setupWSConnection } = await import('@y/websocket-server/utils')

const stored = new Stored()
const { provider } = getPersistence()
const store = provider.storeUpdate.bind(provider)
/** An update without content is two bytes. */
const EMPTY = 2
provider.storeUpdate = async (name, update) => {
  const clock = await store(name, update)
  if (update.length > EMPTY) stored.add(name)
  return clock
}

const http = createServer()
const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', setupWSConnection)
http.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request)),
)
http.listen(0, '127.0.0.1', () => say({ ready: http.address().port }))
answer({ stored: ({ count }) => stored.reach(count) })
