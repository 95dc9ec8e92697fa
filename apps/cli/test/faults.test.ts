import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callCouplet, callNode, type Call, type Watch } from './callCouplet.ts'

// Five processes one after the other, on machines that do other things, too.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Every step is followed by a checkpoint, written beside the training. */
const ARGUMENTS = ['--preset', 'tiny', '--workers', '2', '--checkpoint-every', '0', '--json']

const train = (runs: string, args: readonly string[], watch: Watch = {}): Promise<Call> =>
  callCouplet(folder, ['train', ...args, ...ARGUMENTS, '--runs', runs], watch)

/** The only run in a folder of runs. */
function runIn(runs: string): string {
  const [run, ...others] = readdirSync(join(folder, runs))
  expect(others).toEqual([])
  return join(folder, runs, run!)
}

function numberIn(text: string, pattern: RegExp): number {
  const [, digits] = pattern.exec(text) ?? []
  expect(digits, `${pattern} in ${text}`).toBeDefined()
  return Number(digits)
}

const keptStep = ({ stderr }: Call): number =>
  numberIn(stderr, /The checkpoint of step (\d+) of \d+ is kept in .*checkpoint\.safetensors/)

/** The arrays of a run's checkpoint; the header before them holds the time it took. */
function weights(runs: string): Buffer {
  const bytes = readFileSync(join(runIn(runs), 'checkpoint.safetensors'))
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)))
}

function unfinishedFiles(runs: string): string[] {
  return readdirSync(runIn(runs)).filter((name) => name.endsWith('.tmp'))
}

/** Node's options for a process in which something happens just before a checkpoint, already written, gets its name. */
function beforeCheckpoint(act: string): readonly string[] {
  const patch = `
    import { existsSync, rmSync, writeSync } from 'node:fs'
    import files from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const { rename } = files
    let saves = 0
    files.rename = async (from, to) => {
      if (to.endsWith('checkpoint.safetensors')) {
        saves += 1
        ${act}
      }
      return rename(from, to)
    }
    syncBuiltinESMExports()`
  return ['--import', `data:text/javascript,${encodeURIComponent(patch)}`]
}

/** Holds the whole process up, so that signals come in when the test wants them. */
const HOLD_UP = `if (saves === 3) {
  writeSync(2, '\\nheld up\\n')
  while (!existsSync('go')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  rmSync('go')
}`

/** Sends a signal to a process that is held up, and lets it go on. */
function signalAndGo(signal: NodeJS.Signals): Watch['onStderr'] {
  let sent = false
  return (stderr, child) => {
    if (sent || !stderr.includes('held up')) return
    sent = true
    child.kill(signal)
    writeFileSync(join(folder, 'go'), '')
  }
}

test('a run that is killed and interrupted in every way ends with the weights of an undisturbed one', async () => {
  const args = ['mpnn', '--epochs', '3']
  const whole = await train('whole', args)
  expect(whole.code).toBe(0)

  const killed = await train('disturbed', args, {
    nodeArguments: beforeCheckpoint(`if (saves === 3) process.kill(process.pid, 'SIGKILL')`),
  })
  expect(killed.signal).toBe('SIGKILL')
  expect(unfinishedFiles('disturbed')).toHaveLength(1)

  const once = await train('disturbed', args, {
    nodeArguments: beforeCheckpoint(HOLD_UP),
    onStderr: signalAndGo('SIGTERM')!,
  })
  // Steps of the whole run: they follow from the size of the embedded data set.
  const all = numberIn(once.stderr, /goes on from step \d+ of (\d+)/)
  expect(once.stderr).toContain('Stopping after this step; press Ctrl-C again to stop at once.')
  expect(once.stderr).toContain('Repeat the command to go on.')
  expect(once.code).toBe(130)
  expect(unfinishedFiles('disturbed')).toEqual([])
  const stoppedAt = numberIn(once.stderr, /stopped after step (\d+) of \d+/)

  // The second signal comes while the checkpoint of the first is written.
  const signalOnce = signalAndGo('SIGINT')!
  let again = false
  const twice = await train('disturbed', args, {
    nodeArguments: beforeCheckpoint(`${HOLD_UP}
      if (saves > 3) {
        writeSync(2, 'writing')
        await new Promise((resolve) => setTimeout(resolve, 1e9))
      }`),
    onStderr(stderr, child) {
      signalOnce(stderr, child)
      if (again || !stderr.includes('Stopping after') || !stderr.includes('writing')) return
      again = true
      child.kill('SIGINT')
    },
  })
  expect(numberIn(twice.stderr, /goes on from step (\d+) of \d+/)).toBe(stoppedAt)
  expect(twice.stderr).toContain('Stopped at once.')
  expect(twice.signal).toBe('SIGINT') // a shell reports 130
  expect(unfinishedFiles('disturbed')).toHaveLength(1)

  const resumed = await train('disturbed', args)
  expect(resumed.code).toBe(0)
  const kept = keptStep(twice)
  expect(kept).toBeGreaterThan(stoppedAt)
  expect(numberIn(resumed.stderr, /goes on from step (\d+) of \d+/)).toBe(kept)
  expect(unfinishedFiles('disturbed')).toEqual([])
  expect(weights('disturbed').equals(weights('whole'))).toBe(true)
  const steps = (runs: string): number[] => {
    const lines = readFileSync(join(runIn(runs), 'log.jsonl'), 'utf8')
      .trim()
      .split('\n')
    return lines.map((line) => (JSON.parse(line) as { step: number }).step)
  }
  expect(steps('disturbed').filter((step) => step % (all / 3) === 0)).toEqual([
    all / 3,
    (2 * all) / 3,
    all,
  ])
  expect(steps('disturbed')).toEqual(steps('disturbed').toSorted((a, b) => a - b))
})

test('a run that another process trains is refused, and free again once that is gone', async () => {
  const args = ['mpnn', '--epochs', '3']
  let second: Promise<Call> | undefined
  const first = await train('shared', args, {
    nodeArguments: beforeCheckpoint(HOLD_UP),
    onStderr(stderr, child) {
      if (second || !stderr.includes('held up')) return
      second = train('shared', args).finally(() => child.kill('SIGKILL'))
    },
  })
  expect(first.signal).toBe('SIGKILL')
  const { code, stderr } = await second!
  expect(stderr).toMatch(/Process \d+ is training the run in .*shared.*\. Wait for it, or stop it/)
  expect(code).toBe(2)
  expect(unfinishedFiles('shared')).toHaveLength(1)

  const third = await train('shared', args)
  expect(third.code).toBe(0)
  expect(unfinishedFiles('shared')).toEqual([])
  expect(readdirSync(runIn('shared'))).not.toContain('.training')
})

test('a loss that is no number ends the training; the checkpoint before it stays', async () => {
  const args = ['edge-update-schnet', '--learning-rate', '1e6']
  const first = await train('diverging', args)
  expect(first.code).toBe(1)
  expect(first.stderr).toMatch(
    /edge-update-schnet: the loss became NaN .* in step \d+\. Lower the learning rate/,
  )
  expect(first.stderr).not.toContain('    at ')
  expect(first.stdout).toBe('')
  const again = await train('diverging', args)
  expect(again.stderr).toContain(`goes on from step ${keptStep(first)} of`)
  expect(again.stderr).toContain('the loss became NaN')
  expect(again.code).toBe(1)
})

/** Calls a program of the system; false where it fails, for example for want of a permission. */
function system(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.skipIf(process.platform === 'win32')(
  'Ctrl-C while labels are compared with NWChem is no failure',
  async () => {
    // Tells its versions, and computes for ever.
    const python = join(folder, 'python')
    const program = `[ "$2" = --versions ] && echo '{"psi4":"0"}' && exit\nsleep 600`
    writeFileSync(python, `#!/bin/sh\n${program}\n`, { mode: 0o755 })
    let sent = false
    const args = ['label-check', '--against', 'nwchem', '--python', python]
    const { code, stderr } = await callCouplet(folder, args, {
      onStderr(text, child) {
        if (!sent && text.includes('water')) sent = child.kill('SIGINT')
      },
    })
    expect(stderr).toContain('Stopped. Nothing of the comparison is kept.')
    expect(stderr).not.toContain('cannot be compared')
    expect(code).toBe(130)
  },
)

test('a disk that is full ends the training; the checkpoint before it stays and is gone on from', async (context) => {
  const disk = mkdtempSync(join(folder, 'disk-'))
  const mounted = system('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk)
  if (!mounted) context.skip('mounting a small disk is not permitted here')
  try {
    // A checkpoint of 0.6 MB: the first fits, the second does not fit beside it.
    const args = ['mpnn', '--epochs', '1', '--set', 'width=32']
    const full = await train(disk, args)
    expect(full.stderr).toMatch(
      /\[@couplet\/data\] .*checkpoint\.safetensors cannot be written: the disk is full\. Free some space\./,
    )
    expect(full.stderr).not.toContain('    at ')
    expect(full.code).toBe(1)
    const [run] = readdirSync(disk)
    expect(readdirSync(join(disk, run!)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    system('mount', '-o', 'remount,size=8m', disk)
    const resumed = await train(disk, args)
    expect(resumed.stderr).toContain(`goes on from step ${keptStep(full)} of `)
    expect(resumed.code).toBe(0)
  } finally {
    system('umount', disk)
  }
})

test.each([
  ['while a network is compiled', 'compiling'],
  ['while the workers compute', 'computing'],
])('two signals %s end the process at once', async (_, moment) => {
  const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  // 3,000 products of 600 x 600 matrices: whoever waits for the step waits long.
  const program = `
    import { existsSync, writeSync } from 'node:fs'
    import { interruptible } from ${source('../src/Interrupted.ts')}
    import { createRunner, initialiseParameters } from ${source('../../../packages/engine/src/index.ts')}
    const size = 600
    const network = {
      forward: (_, { x }) => {
        writeSync(2, 'compiling\\n')
        while (${moment === 'compiling'} && !existsSync('go')) {}
        let y = x
        for (let k = 0; k < 3000; k++) y = y.matMul(x).tanh()
        return { y }
      },
      statistics: ({ y }) => y.sum().reshape([1]),
    }
    const spec = { w: { shape: [1], initialiser: { kind: 'constant', value: 1 } } }
    await interruptible(async ({ signal, onKept }) => {
      onKept('The fish is kept.')
      const runner = await createRunner(network, initialiseParameters(spec, 1), { runner: 'ort', workers: 2 })
      const x = { shape: [size, size], data: new Float32Array(size * size).fill(1e-3) }
      const running = [runner.forward({ x }, 'values'), runner.forward({ x }, 'values')]
      signal.addEventListener('abort', () => writeSync(2, 'aborted\\n'))
      writeSync(2, 'computing\\n')
      await Promise.all(running)
      writeSync(2, 'finished\\n')
      await runner.close()
    })
  `
  const file = join(folder, `${moment}.mjs`)
  writeFileSync(file, program)
  let first = false
  let timer: NodeJS.Timeout | undefined
  const { signal, stderr } = await callNode(folder, [file], {
    onStderr(text, child) {
      if (!first && text.includes(moment)) first = child.kill('SIGINT')
      if (timer || !first || (moment === 'computing' && !text.includes('Stopping'))) return
      // Again and again, as people do: two signals that wait for the process at the same time count as one.
      timer = setInterval(() => {
        child.kill('SIGINT')
        writeFileSync(join(folder, 'go'), '')
      }, 50)
    },
  })
  clearInterval(timer)
  expect(stderr).toContain('Stopped at once. The fish is kept.')
  expect(stderr).not.toContain('finished')
  expect(signal).toBe('SIGINT')
  expect(existsSync(join(folder, 'go'))).toBe(true)
})
