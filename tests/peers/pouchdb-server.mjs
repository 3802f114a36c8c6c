// express-pouchdb as a replication end point (`minimumForPouchDB`), on LevelDB. It wants PouchDB 7.3.1;
// LevelDB writes without fsync; the bench syncs the folder itself.
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb-731'
import { answer, say } from './line.mjs'

const folder = process.argv[2]
const Stored = PouchDB.defaults({ prefix: `${folder}/` })
const app = express()
app.use('/', expressPouchDB(Stored, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log.txt` }))
const server = app.listen(0, '127.0.0.1', async () => {
  await new Stored('records').info()
  say({ ready: server.address().port })
})
answer({
  stored: async ({ count }) => {
    const db = new Stored('records')
    for (;;) {
      const { doc_count: stored } = await db.info()
      if (stored >= count) return { stored }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  },
})
