import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findLabelProgram, labelMolecule } from '../src/index.ts'
import { parseTorsions } from '../src/parseTorsions.ts'

const program = await findLabelProgram().catch((error: Error) => {
  console.warn(`skipped, since couplings cannot be computed here: ${error.message}`)
})
const canHold = program !== undefined && program.versions['xtb'] !== null
if (program && !canHold) console.warn('skipped, since the program xtb is not installed')

test.skipIf(!canHold)(
  'GFN2-xTB holds the torsion of hydroxylamine, and the coupling follows',
  { timeout: 600_000 },
  async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'labels-'))
    try {
      const inputs = await parseTorsions('NO | [#1]NO[#1] | 0 120', 'list.txt', 'list')
      const couplings: number[] = []
      for (const input of inputs) {
        const limits = { seconds: 600, memoryMb: 2000, scratch }
        const record = await labelMolecule(input, { ...program!, optimise: 'xtb' }, limits)
        expect(record.failure).toBeUndefined()
        expect(record.notes).toEqual([])
        expect(Math.abs(record.torsion!.found - input.torsion!.degrees)).toBeLessThan(1)
        // Everything else moved.
        expect(record.positions).not.toEqual(input.positions)
        const [first, , , last] = input.torsion!.atoms
        const pair = record.pairs.find(
          ({ atoms }) => atoms.includes(first!) && atoms.includes(last!),
        )!
        expect(pair.type).toBe('3JHH')
        couplings.push(pair.fc + pair.sd + pair.pso + pair.dso)
      }
      // Measured: 9.4 Hz where the hydrogens eclipse each other, 2.1 Hz at 120 degrees.
      expect(couplings[0]! - couplings[1]!).toBeGreaterThan(5)
    } finally {
      rmSync(scratch, { recursive: true })
    }
  },
)
