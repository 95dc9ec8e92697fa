import { assignFolds, COUPLING_TYPES, foldKey, TUNING } from '@couplet/data'
import { formatHertz } from '@couplet/eval'
import type { Evidence } from '../Evidence.ts'
import { couplingsByType, vicinalPairs } from '../dftCouplings.ts'
import type { Add } from './collectNumbers.ts'
import { percent, whole } from './format.ts'

/** Numbers of the embedded data set as it is now. */
export function addDftNumbers({ dft }: Evidence, add: Add): void {
  const { table, origins } = dft
  const constitutions = new Set(table.names.map((_, molecule) => foldKey(table, molecule)))
  const minima = origins.filter(({ torsion }) => !torsion)
  add('dft.geometries', whole(table.names.length))
  add('dft.molecules', whole(new Set(origins.map(({ smiles }) => smiles)).size))
  add('dft.constitutions', whole(constitutions.size))
  add('dft.pairs', whole(table.pairTypes.length))
  add('dft.heavy-atoms', Math.max(...origins.map(({ heavyAtoms }) => heavyAtoms)))
  add('dft.minima-dft', minima.filter(({ geometry }) => geometry === 'dft').length)
  add('dft.minima-xtb', minima.filter(({ geometry }) => geometry === 'xtb').length)
  add('dft.held', origins.length - minima.length)
  const folds = assignFolds(table)
  const tuning = table.names.flatMap((_, molecule) =>
    folds[molecule] === TUNING ? [foldKey(table, molecule)] : [],
  )
  add('dft.tuning', tuning.length)
  add('dft.tuning-share', percent(new Set(tuning).size / constitutions.size))
  add('dft.vicinal-pairs', whole(vicinalPairs(table).length))
  const seconds = origins.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  add('dft.cpu-hours', (seconds / 3600).toFixed(1))
  for (const [type, { deviation }] of couplingsByType(table).entries()) {
    add(`dft.${COUPLING_TYPES[type]}.deviation`, formatHertz(deviation))
  }
}
