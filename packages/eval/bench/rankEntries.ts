/**
 * Seconds that the ranks of a full comparison take: 12 entries of three seeds each on 1,000 molecules, 10,000 resamples.
 *
 *   node packages/eval/bench/rankEntries.ts
 */
import { rankEntries } from '../src/index.ts'
import { simulatedErrors } from '../test/examples.ts'

const MOLECULES = 1000
const ENTRIES = 12

for (const seeds of [1, 3]) {
  const entries = Array.from({ length: ENTRIES }, (_, entry) => ({
    entry: `entry-${entry}`,
    seeds: Array.from({ length: seeds }, (__, seed) =>
      simulatedErrors(MOLECULES, 1, 1 + entry / 50, 2 + 10 * entry + seed, 0.3),
    ),
  }))
  const before = process.cpuUsage()
  rankEntries(entries, { seed: 1, resamples: 10_000 })
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  console.log(
    `${ENTRIES} entries, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} each, ${MOLECULES} molecules: ${seconds.toFixed(1)} s of one core`,
  )
}
