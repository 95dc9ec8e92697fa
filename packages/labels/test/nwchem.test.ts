import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PYTHON = fileURLToPath(new URL('../python', import.meta.url))

/** The part of an output of NWChem 7.0.2 for water that holds a coupling; values of our own calculation. */
const OUTPUT = `
     Atom    2:   1-H  and Atom    3:   1-H 
     Fermi Contact (FC) Term (Hz):
       Isotropic =     -12.0250
     Spin-Dipole   (SD) Term (Hz):
       Isotropic =       0.7260
     FC - SD  Cross Term (Hz):
       Isotropic =      -0.0000
     Paramagnetic Spin-Orbit Term (Hz):
       Isotropic =       8.2058
     Diamagnetic Spin-Orbit Term (Hz):
       Isotropic =      -6.8622
     Isotropic Spin-Spin Coupling =      -9.9554 Hz
`
const PROGRAM = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.modules['numpy'] = sys  # Parsing needs no NumPy, which need not be installed.
import nwchem
print(json.dumps([[*pair, *parts] for pair, parts in nwchem.parse(sys.argv[2]).items()]))
`

const run = promisify(execFile)
const python = await run('python3', ['--version']).then(
  () => true,
  () => console.warn('skipped: there is no python3'),
)

test.skipIf(!python)('reads couplings of NWChem and puts its two constants right', async () => {
  const { stdout } = await run('python3', ['-c', PROGRAM, PYTHON, OUTPUT])
  const [coupling] = JSON.parse(stdout) as number[][]
  const light = (2.99782458 / 2.99792458) ** 4
  const spin = light * (2 / 2.0023193043718) ** 2
  const expected = [1, 2, -12.025 * spin, 0.726 * spin, 8.2058 * light, -6.8622 * light]
  expect(coupling).toHaveLength(6)
  for (const [index, value] of expected.entries()) expect(coupling![index]).toBeCloseTo(value, 9)
  const cut = await run('python3', [
    '-c',
    PROGRAM,
    PYTHON,
    OUTPUT.replace(/ {5}Spin-Dip[^]*?-0\.0/, '0.0'),
  ])
  expect(JSON.parse(cut.stdout)).toEqual([])
})
