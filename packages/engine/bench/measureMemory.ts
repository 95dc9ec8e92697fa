/**
 * Prints the peak of resident memory, in bytes, of a process that trains and runs one case with two workers; a process of
 * its own, started by the benchmark: `node measureMemory.ts graph-transformer-128-bucketed`.
 */
import { createRunner } from '../src/createRunner.ts'
import { initialiseParameters } from '../src/ParameterStore.ts'
import { benchmarkCases } from './benchmarkCases.ts'
import { ADAM } from './contestants/Contestant.ts'

const wanted = benchmarkCases().find(({ name }) => name === process.argv[2])
if (!wanted) throw new Error(`there is no case ${process.argv[2]}`)
const batches = wanted.batches().map(({ shards }) => shards)
const runner = await createRunner(wanted.network, initialiseParameters(wanted.spec, 1), {
  runner: 'ort',
  workers: 2,
})
let step = 0
for (let round = 0; round < 3; round++) {
  for (const shards of batches) {
    const adam = { ...ADAM, step: ++step, weightDecay: 0, averageDecay: 0.999 }
    await runner.train({ shards, objective: wanted.objective, clipNorm: Infinity, adam })
    await Promise.all(shards.map((shard) => runner.forward(shard, 'averages')))
  }
}
console.log(process.resourceUsage().maxRSS * 1024)
await runner.close()
