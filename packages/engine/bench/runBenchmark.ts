import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BenchmarkCase } from './benchmarkCases.ts'
import type { Contestant } from './contestants/Contestant.ts'
import { EngineContestant } from './contestants/EngineContestant.ts'
import { findPeers } from './contestants/findPeers.ts'
import { PeerContestant } from './contestants/PeerContestant.ts'
import type { Report } from './formatReport.ts'
import { measureCase, type CaseResult } from './measureCase.ts'
import { prepareCase } from './prepareCase.ts'

/** What to measure. */
export interface BenchmarkOptions {
  readonly cases: readonly BenchmarkCase[]
  readonly pythons: readonly string[]
  /** Rounds in which every row has its turn, and timed calls of a turn. */
  readonly rounds: number
  readonly calls: number
  /** Also rows of torch.compile. */
  readonly compile: boolean
  /** Peers see the variables OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE. */
  readonly keepOpenblas: boolean
  readonly onProgress: (text: string) => void
}

/** Measures all cases with this engine and every peer that is found, then memory. */
export async function runBenchmark(options: BenchmarkOptions): Promise<Report> {
  const { cases, rounds, onProgress } = options
  const folder = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
  const contestants: Contestant[] = [new EngineContestant(2), new EngineContestant(1)]
  try {
    onProgress(`looking for peers in ${options.pythons.join(', ')}`)
    const { starts, notes } = await findPeers(options.pythons, options)
    for (const note of notes) onProgress(note)
    for (const start of starts) {
      const peer = new PeerContestant(start)
      contestants.push(peer)
      await peer.start()
    }
    const results: CaseResult[] = []
    for (const [index, benchmarkCase] of cases.entries()) {
      const prepared = prepareCase(benchmarkCase, folder)
      const report = (text: string) => onProgress(`case ${index + 1} of ${cases.length}, ${text}`)
      results.push(
        await measureCase(prepared, contestants, {
          rounds,
          calls: options.calls,
          onProgress: report,
        }),
      )
    }
    return {
      date: new Date().toISOString().slice(0, 10),
      processor: `${cpus()[0]!.model.trim()}, ${cpus().length} cores`,
      versions: { node: process.versions.node, 'onnxruntime-node': onnxRuntimeVersion() },
      peers: notes,
      rounds,
      cases: results,
      memory: await measureMemory(cases, onProgress),
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Peak memory of the bucketed cases, each in a process of its own. */
async function measureMemory(
  cases: readonly BenchmarkCase[],
  onProgress: (text: string) => void,
): Promise<Record<string, number>> {
  const memory: Record<string, number> = {}
  const program = fileURLToPath(new URL('./measureMemory.ts', import.meta.url))
  for (const { name } of cases.filter((each) => each.name.endsWith('-bucketed'))) {
    onProgress(`memory of ${name}`)
    const { stdout } = await promisify(execFile)(process.execPath, [program, name])
    memory[name] = Number(stdout)
  }
  return memory
}

function onnxRuntimeVersion(): string {
  const path = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
