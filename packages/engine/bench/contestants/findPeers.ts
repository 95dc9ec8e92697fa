import { basename } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PEER_PROGRAM, type PeerStart } from './PeerContestant.ts'

/** What a Python interpreter has. */
interface Probe {
  readonly python: string
  readonly torch?: string
  readonly torchMissing?: string
  readonly compile?: boolean
  readonly processes?: boolean
  readonly blas?: string
  readonly jax?: string
  readonly jaxMissing?: string
}

/** Peers that can run here, and a line for each package that was looked for. */
export interface FoundPeers {
  readonly starts: readonly PeerStart[]
  readonly notes: readonly string[]
}

/** Looks into Python interpreters for PyTorch and JAX. Bars are against the PyTorch of the first that has one. */
export async function findPeers(
  pythons: readonly string[],
  { compile, keepOpenblas }: { readonly compile: boolean; readonly keepOpenblas: boolean },
): Promise<FoundPeers> {
  const base = keepOpenblas ? {} : OWN_KERNELS
  const starts: PeerStart[] = []
  const notes: string[] = []
  for (const python of pythons) {
    const found = await probe(python, base)
    if (typeof found === 'string') {
      notes.push(`${python}: cannot be used (${found})`)
      continue
    }
    const torch = found.torch
      ? `PyTorch ${found.torch} (${found.blas})`
      : `no PyTorch (${found.torchMissing})`
    const jax = found.jax ? `JAX ${found.jax}` : `no JAX (${found.jaxMissing})`
    // The report is published: the program's name says enough, its folder is nobody's business.
    notes.push(`${basename(python)}: Python ${found.python}, ${torch}, ${jax}`)
    const isBarred = !starts.some((start) => start.isBarred)
    if (found.torch) starts.push(...torchPeers({ python, isBarred, compile, base }, found))
    if (found.jax)
      starts.push({
        label: `JAX ${found.jax}, jit`,
        isBarred: false,
        python,
        options: ['jax'],
        environment: base,
      })
  }
  return { starts, notes }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * OpenBLAS chooses kernels and block sizes for the processor, which is fastest. Where these variables had been set because
 * it chooses wrongly, the losses differ and the benchmark stops.
 */
const OWN_KERNELS: Environment = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined }

function threads(count: number): Environment {
  return {
    OMP_NUM_THREADS: String(count),
    OPENBLAS_NUM_THREADS: String(count),
    MKL_NUM_THREADS: String(count),
  }
}

/** Rows of one PyTorch. Two threads are tried with threads that wait actively (the default) and passively: either may be faster. */
function torchPeers(
  start: Pick<PeerStart, 'python' | 'isBarred'> & { compile: boolean; base: Environment },
  { torch, compile, processes }: Probe,
): PeerStart[] {
  const { python, base } = start
  const passive = { ...threads(2), OMP_WAIT_POLICY: 'PASSIVE' }
  const two = ['--threads', '2']
  const pair = ['--processes', '2']
  const settings: [setting: string, isBarred: boolean, options: string[], Environment][] = [
    ['1 thread', start.isBarred, [], threads(1)],
    ['2 threads', start.isBarred, two, threads(2)],
    ['2 threads, passive wait', start.isBarred, two, passive],
  ]
  if (processes) settings.push(['2 processes', false, pair, threads(1)])
  if (compile && start.compile) {
    settings.push(['compiled, 1 thread', false, ['--compile'], threads(1)])
    settings.push(['compiled, 2 threads', false, ['--compile', ...two], threads(2)])
    if (processes)
      settings.push(['compiled, 2 processes', false, ['--compile', ...pair], threads(1)])
  }
  return settings.map(([setting, isBarred, options, environment]) => ({
    label: `PyTorch ${torch}, ${setting}`,
    isBarred,
    python,
    options: ['torch', ...options],
    environment: { ...base, ...environment },
  }))
}

async function probe(python: string, environment: Environment): Promise<Probe | string> {
  try {
    const { stdout } = await promisify(execFile)(python, [PEER_PROGRAM, '--probe'], {
      env: { ...process.env, ...environment },
    })
    return JSON.parse(stdout) as Probe
  } catch (error) {
    return (error as Error).message.trim().split('\n').at(-1)!
  }
}
