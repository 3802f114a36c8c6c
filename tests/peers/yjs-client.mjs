// A client of Yjs with y-websocket, in memory: a document (a room, hence a connection) a record. The
// provider has no way to hold many documents on one connection, so rooms are opened, synced and closed,
// a few dozen at a time.
import { WebsocketProvider } from 'y-websocket'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { Awareness } from 'y-protocols/awareness'
import { FIELDS, answer, each, records, say, whole } from './line.mjs'

const url = `ws://${process.argv[2]}`
// Each provider listens for the end of the process.
process.setMaxListeners(0)
const all = records()
const docs = new Map()
const WIDTH = 48
let made = 0

function create() {
  const room = `visit-${made}`
  const doc = new Y.Doc()
  doc.transact(() => {
    const fields = doc.getMap('record')
    for (const [field, value] of Object.entries(all[made])) {
      fields.set(field, field === 'notes' ? new Y.Text(value) : value)
    }
  })
  made += 1
  docs.set(room, doc)
  return room
}

/** Opens the room of a document, waits until both sides have the same, closes it. */
async function sync(room) {
  const doc = docs.get(room) ?? new Y.Doc()
  docs.set(room, doc)
  const awareness = new Awareness(doc)
  awareness.setLocalState(null)
  const provider = new WebsocketProvider(url, room, doc, { WebSocketPolyfill: WebSocket, disableBc: true, awareness })
  await new Promise((resolve) => provider.once('sync', resolve))
  const fields = doc.getMap('record')
  // The server may say that it is in sync before it has read the document from its disk.
  while (fields.size < FIELDS) await new Promise((resolve) => doc.once('update', resolve))
  whole(fields.size)
  provider.destroy()
}

answer({
  push: async ({ count }) => ({
    ids: await each(Array.from({ length: count }), WIDTH, async () => {
      const room = create()
      await sync(room)
      return room
    }),
  }),
  skip: ({ count }) => {
    made = count
  },
  first: async ({ ids }) => {
    await each(ids, WIDTH, sync)
  },
  stay: () => {},
  add: async () => {
    const room = create()
    await sync(room)
    return { ids: [room] }
  },
  get: ({ ids }) => sync(ids[0]),
  away: () => {},
  make: () => ({ ids: [create()] }),
  // There is nothing that tells which rooms have news.
  back: async () => {
    await each([...docs.keys()], WIDTH, sync)
  },
})
say({ ready: 0 })
