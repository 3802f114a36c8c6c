// A client of PouchDB on its adapter for memory: records in one `bulkDocs`, replication as it comes.
import PouchDB from 'pouchdb'
import memory from 'pouchdb-adapter-memory'
import { answer, records, say, whole } from './line.mjs'

PouchDB.plugin(memory)
const all = records()
const db = new PouchDB('client', { adapter: 'memory' })
const remote = new PouchDB(`http://${process.argv[2]}/records`)
let made = 0
let live
const id = (at) => `visit-${String(at).padStart(8, '0')}`
const next = () => ({ _id: id(made), ...all[made++] })

async function up() {
  const { docs_written: written, errors } = await db.replicate.to(remote)
  if (errors.length > 0) throw new Error(errors.join('; '))
  return written
}

/** Resolves when this record is here. */
function has(wanted) {
  return new Promise((resolve, reject) => {
    const changes = db.changes({ live: true, since: 'now', doc_ids: [wanted] })
    const found = () => {
      changes.cancel()
      resolve()
    }
    changes.on('change', found).on('error', reject)
    db.get(wanted).then(found, () => {})
  })
}

async function make() {
  const doc = next()
  await db.put(doc)
  return { ids: [doc._id] }
}

answer({
  push: async ({ count }) => {
    const docs = Array.from({ length: count }, next)
    await db.bulkDocs(docs)
    await up()
    return { ids: docs.map((doc) => doc._id) }
  },
  skip: ({ count }) => {
    made = count
  },
  first: async ({ ids }) => {
    await db.replicate.from(remote)
    const { rows } = await db.allDocs({ include_docs: true })
    if (rows.length !== ids.length) throw new Error(`${rows.length} of ${ids.length} records have come`)
    rows.forEach(({ doc }) => whole(Object.keys(doc).length - 2))
  },
  // Both ways and live, as an application that stays connected has it.
  stay: async () => {
    live = db.sync(remote, { live: true, retry: true })
    await new Promise((resolve) => live.once('paused', resolve))
  },
  add: make,
  get: ({ ids }) => has(ids[0]),
  away: () => live.cancel(),
  make,
  back: async () => {
    await up()
    await db.replicate.from(remote)
  },
})
say({ ready: 0 })
