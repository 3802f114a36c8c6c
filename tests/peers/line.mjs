// Drivers speak lines with the bench: a command comes in as `{"do": name, …}`, its answer goes out as
// `{"ok": true, …}` or `{"ok": false, "error": "…"}`. A driver ends when its input ends.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

// What libraries print must not get between the answers.
console.log = console.error
console.info = console.error

export const say = (message) => process.stdout.write(JSON.stringify(message) + '\n')

/** Answers each command with what the function of its name gives, one after the other. */
export function answer(commands) {
  const input = createInterface({ input: process.stdin })
  let last = Promise.resolve()
  input.on('line', (line) => {
    const command = JSON.parse(line)
    last = last.then(async () => {
      try {
        say({ ok: true, ...(await commands[command.do](command)) })
      } catch (error) {
        say({ ok: false, error: String(error?.stack ?? error) })
      }
    })
  })
  input.on('close', () => process.exit(0))
}

/** The records to work with: objects of twelve plain fields. */
export const records = () => JSON.parse(readFileSync(process.env.PEERS_RECORDS, 'utf8'))

export const FIELDS = 12

/** Fails unless a record has come whole. */
export function whole(fields) {
  if (fields !== FIELDS) throw new Error(`a record has ${fields} fields`)
}

/** Counts records that the server has stored, each once, and lets somebody wait for a number of them. */
export class Stored {
  #ids = new Set()
  #waiting = []

  add(id) {
    this.#ids.add(id)
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      const reached = this.#ids.size >= count
      if (reached) resolve({ stored: this.#ids.size })
      return !reached
    })
  }

  reach(count) {
    if (this.#ids.size >= count) return { stored: this.#ids.size }
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }
}

/** Runs `work` on each, so many at a time, and gives the results in order. */
export async function each(items, width, work) {
  const results = new Array(items.length)
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await work(items[at], at)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return results
}
