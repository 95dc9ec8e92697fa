/**
 * How much of a set of molecules is perceived, and how often each kind of failure occurs.
 *
 *   node packages/data/bench/checkChemistry.ts <structures.csv or .csv.gz> [--sample <count> <peer.json>]
 *
 * With --sample, a random sample with all its perceived columns is written for `compareRdkit.py` to read.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { gasteigerCharges, perceiveChemistry } from '../src/chemistry.ts'
import { moleculeAt, parseChamps, selectMolecules, type MoleculeTable } from '../src/index.ts'
import { validMolecules } from '../test/chemistry/validMolecules.ts'

const [path, flag, count, peerPath] = process.argv.slice(2)
if (!path || (flag && (flag !== '--sample' || !Number(count) || !peerPath))) {
  console.error(
    'Usage: node packages/data/bench/checkChemistry.ts <structures.csv[.gz]> [--sample <count> <peer.json>]',
  )
  process.exit(2)
}

const bytes = readFileSync(path)
const { table: all } = parseChamps(
  new Map([['structures.csv', path.endsWith('.gz') ? gunzipSync(bytes) : bytes]]),
)
const table = count ? selectMolecules(all, sample(all.names.length, Number(count))) : all
const start = performance.now()
const chemistry = perceiveChemistry(table, { onFailure: 'mark' })
const perceived = performance.now()
const charges = gasteigerCharges(table, chemistry)
const charged = performance.now()

const molecules = table.names.length
const valid = validMolecules(table, chemistry).reduce((sum, one) => sum + one, 0)
const share = (part: number): string =>
  `${part} of ${molecules} (${((100 * part) / molecules).toFixed(3)} %)`
console.log(`valid valences and total charge 0: ${share(valid)}`)
const kinds = new Map<string, string[]>()
for (const { kind, molecule } of chemistry.failures) {
  kinds.set(kind, [...(kinds.get(kind) ?? []), table.names[molecule]!])
}
if (kinds.size === 0) console.log('no failure of any kind')
for (const [kind, names] of kinds) {
  console.log(`failed, ${kind}: ${names.length}, for example ${names.slice(0, 5).join(', ')}`)
}
for (const [kind, number] of chargedKinds()) console.log(`${kind}: ${share(number)}`)
console.log(
  `perceiveChemistry ${((perceived - start) / 1000).toFixed(1)} s, gasteigerCharges ${((charged - perceived) / 1000).toFixed(1)} s`,
)
if (peerPath) writeFileSync(peerPath, JSON.stringify(peerRecords(table)))

/** Molecules by the formal charges in them, most frequent first. */
function chargedKinds(): [string, number][] {
  const counts = new Map<string, number>()
  for (let molecule = 0; molecule < molecules; molecule += 1) {
    const signs: string[] = []
    for (
      let atom = table.atomOffsets[molecule]!;
      atom < table.atomOffsets[molecule + 1]!;
      atom += 1
    ) {
      const charge = chemistry.formalCharges[atom]!
      if (charge !== 0)
        signs.push(`${' CNOF'[table.atomicNumbers[atom]! - 5]}${charge > 0 ? '+' : '-'}`)
    }
    const kind = signs.length > 0 ? `with ${signs.toSorted().join(' ')}` : 'without formal charges'
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].toSorted((one, other) => other[1] - one[1])
}

/** A random choice that is the same every time: the molecules of smallest hash of their index. */
function sample(from: number, wanted: number): number[] {
  const hash = (index: number): number => Math.imul(index ^ (index >>> 7), 0x9e3779b1) >>> 0
  return Array.from({ length: from }, (_, index) => index)
    .toSorted((one, other) => hash(one) - hash(other))
    .slice(0, wanted)
    .toSorted((one, other) => one - other)
}

function peerRecords(part: MoleculeTable) {
  return part.names.map((name, molecule) => {
    const { atomicNumbers, positions, bondAtoms } = moleculeAt(part, molecule)
    const atoms = (column: Float32Array | Uint8Array | Int8Array): number[] =>
      Array.from(column.subarray(part.atomOffsets[molecule], part.atomOffsets[molecule + 1]))
    const bonds = (column: Float32Array | Uint8Array): number[] =>
      Array.from(column.subarray(part.bondOffsets[molecule], part.bondOffsets[molecule + 1]))
    return {
      name,
      atomicNumbers: Array.from(atomicNumbers),
      positions: Array.from(positions),
      bondAtoms: Array.from(bondAtoms),
      failed: chemistry.failures.some((failure) => failure.molecule === molecule),
      bondOrders: bonds(chemistry.bondOrders),
      resonanceOrders: bonds(chemistry.resonanceOrders),
      formalCharges: atoms(chemistry.formalCharges),
      resonanceCharges: atoms(chemistry.resonanceCharges),
      hybridisations: atoms(chemistry.hybridisations),
      aromaticAtoms: atoms(chemistry.aromaticAtoms),
      aromaticBonds: bonds(chemistry.aromaticBonds),
      conjugatedBonds: bonds(chemistry.conjugatedBonds),
      atomRingSizes: atoms(chemistry.atomRingSizes),
      bondRingSizes: bonds(chemistry.bondRingSizes),
      gasteigerCharges: atoms(charges),
    }
  })
}
