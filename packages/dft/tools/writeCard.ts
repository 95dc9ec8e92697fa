// Brings the numbers of CARD.md and the figures up to date with the data files: `pnpm --filter @couplet/dft card`.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { writeAtomically } from '@couplet/data/node'
import { readDft } from '../src/index.ts'
import { CARD_END, CARD_START, describeDft } from './describeDft.ts'
import { FIGURES } from './figures.ts'

const path = fileURLToPath(new URL('../CARD.md', import.meta.url))
const card = await readFile(path, 'utf8')
const start = card.indexOf(CARD_START)
const end = card.indexOf(CARD_END)
if (start === -1 || end < start) {
  console.error(
    `[@couplet/dft] CARD.md lacks the lines "${CARD_START}" and "${CARD_END}". Put them back.`,
  )
  process.exitCode = 1
} else {
  const numbers = `${CARD_START}\n\n${await describeDft()}\n\n`
  await writeAtomically(path, [card.slice(0, start), numbers, card.slice(end)])
  const { table } = await readDft()
  for (const [name, draw] of FIGURES) {
    const figure = fileURLToPath(new URL(`../figures/${name}`, import.meta.url))
    await writeAtomically(figure, [draw(table)])
  }
}
