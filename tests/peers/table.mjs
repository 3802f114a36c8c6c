// Puts the last table (`target/bench/peers.md`) between its markers in `tests/README.md`.
import { readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)
const readme = new URL('tests/README.md', root)
const [begin, end] = ['<!-- peers: begin -->', '<!-- peers: end -->']
const text = readFileSync(readme, 'utf8')
const [from, to] = [text.indexOf(begin), text.indexOf(end)]
if (from < 0 || to < from) throw new Error('tests/README.md has lost its markers')
const table = readFileSync(new URL('target/bench/peers.md', root), 'utf8')
writeFileSync(readme, `${text.slice(0, from + begin.length)}\n${table}${text.slice(to)}`)
