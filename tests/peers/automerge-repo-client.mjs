// A client of automerge-repo, in memory: a document a record. Values that never change are scalars
// (`ImmutableString`), the notes are text, as in ours; so a document has as few operations as can be.
import { ImmutableString, Repo } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { answer, records, say, whole } from './line.mjs'

const all = records()
const repo = new Repo({ network: [new WebSocketClientAdapter(`ws://${process.argv[2]}`)] })
let made = 0

function create() {
  const record = Object.entries(all[made++]).map(([field, value]) => [
    field,
    field === 'notes' || typeof value !== 'string' ? value : new ImmutableString(value),
  ])
  return repo.create(Object.fromEntries(record)).url
}

async function find(id) {
  const handle = await repo.find(id)
  whole(Object.keys(handle.doc()).length)
}

answer({
  push: ({ count }) => ({ ids: Array.from({ length: count }, create) }),
  skip: ({ count }) => {
    made = count
  },
  first: async ({ ids }) => {
    await Promise.all(ids.map(find))
  },
  stay: () => {},
  add: () => ({ ids: [create()] }),
  get: ({ ids }) => find(ids[0]),
  away: () => repo.networkSubsystem.disconnect(),
  make: () => ({ ids: [create()] }),
  back: () => repo.networkSubsystem.reconnect(),
})
await repo.networkSubsystem.whenReady()
say({ ready: 0 })
