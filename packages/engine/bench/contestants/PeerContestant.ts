import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Contestant, PreparedCase, Task } from './Contestant.ts'

/** The peers' program. */
export const PEER_PROGRAM = fileURLToPath(new URL('../peer.py', import.meta.url))

/** How to start a peer. */
export interface PeerStart {
  readonly label: string
  readonly isBarred: boolean
  readonly python: string
  readonly options: readonly string[]
  /** Changes to the environment; undefined takes a variable out. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A Python process with PyTorch or JAX that answers one line for each line. */
export class PeerContestant implements Contestant {
  readonly label: string
  readonly isBarred: boolean
  readonly #process: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  #errors = ''

  constructor({ label, isBarred, python, options, environment }: PeerStart) {
    this.label = label
    this.isBarred = isBarred
    this.#process = spawn(python, [PEER_PROGRAM, ...options], {
      env: { ...process.env, ...environment },
    })
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-4000)
    })
    this.#process.on('error', (error) => (this.#errors += error.message))
    this.#process.stdin.on('error', () => undefined) // a peer that ended is reported by the answer that is missing
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  async load({ benchmarkCase, parameters, folders }: PreparedCase): Promise<void> {
    const { peerNetwork: network, config } = benchmarkCase
    await this.#ask({ do: 'load', network, config, parameters, batches: folders })
  }

  losses(steps: number): Promise<number[]> {
    return this.#ask({ do: 'losses', steps })
  }

  time(task: Task, calls: number): Promise<number[]> {
    return this.#ask({ do: 'time', what: task, calls })
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.pid === undefined) return
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.stdin.end()
    await ended
  }

  /** Waits until the process has loaded its libraries. */
  async start(): Promise<void> {
    await this.#answer()
  }

  #ask(request: object): Promise<number[]> {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`)
    return this.#answer()
  }

  async #answer(): Promise<number[]> {
    const { value, done } = await this.#answers.next()
    const reason = () => this.#errors.trim().split('\n').at(-1) ?? 'no message'
    if (done) throw new Error(`${this.label} ended: ${reason()}`)
    const answer = JSON.parse(value) as { result?: number[]; error?: string }
    if (answer.error !== undefined) throw new Error(`${this.label} failed: ${answer.error}`)
    return answer.result ?? []
  }
}
