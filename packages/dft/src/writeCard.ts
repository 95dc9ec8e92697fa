// Brings the numbers of CARD.md up to date with the data files: `node src/writeCard.ts` in this package.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describeDft } from './describeDft.ts'

const START = '<!-- numbers: written by src/writeCard.ts -->'
const END = '<!-- end of numbers -->'

const path = fileURLToPath(new URL('../CARD.md', import.meta.url))
const card = await readFile(path, 'utf8')
const start = card.indexOf(START)
const end = card.indexOf(END)
if (start === -1 || end < start) {
  console.error(`[@couplet/dft] CARD.md lacks the lines "${START}" and "${END}". Put them back.`)
  process.exitCode = 1
} else {
  const numbers = `${START}\n\n${await describeDft()}\n\n`
  // Beside and then renamed, so that an interruption leaves the old card whole.
  await writeFile(`${path}.new`, card.slice(0, start) + numbers + card.slice(end))
  await rename(`${path}.new`, path)
}
