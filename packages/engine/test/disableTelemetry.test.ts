import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const run = promisify(execFile)
const source = (name: string) => JSON.stringify(new URL(`../src/${name}`, import.meta.url).href)

/** Programs that load ONNX Runtime in each of the ways that the engine has. */
const PROGRAMS = {
  'a runner': `
    import { createRunner } from ${source('createRunner.ts')}
    import { initialiseParameters } from ${source('ParameterStore.ts')}
    const store = initialiseParameters({ w: { shape: [1], initialiser: { kind: 'constant', value: 2 } } }, 1)
    const network = { forward: ({ w }, { x }) => ({ y: w.mul(x) }), statistics: ({ y }) => y }
    const runner = await createRunner(network, store, { runner: 'ort', workers: 1 })
    const { y } = await runner.forward({ x: { shape: [1], data: Float32Array.of(2) } }, 'values')
    await runner.close()
    console.log(y.data[0])`,
  'a file opened': `
    import { openOnnx } from ${source('export/openOnnx.ts')}
    import { probeGraph } from ${source('probeGraph.ts')}
    const session = await openOnnx(probeGraph())
    const { y } = await session.run({ x: { shape: [1], data: Float32Array.of(2) } })
    await session.close()
    console.log(y.data[0])`,
  'a look for graphics cards': `
    import { findGpuProvider } from ${source('findGpuProvider.ts')}
    await findGpuProvider('webgpu')
    console.log(4)`,
}

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'couplet-engine-'))
})
afterEach(() => rm(home, { recursive: true }))

test.each(Object.entries(PROGRAMS))(
  '%s leaves no identifier and no report behind: ONNX Runtime sends nothing to its maker',
  async (_, program) => {
    // Nothing of what else makes it silent, such as the variables of continuous integration.
    const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: home }
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { env })
    expect(stdout.trim()).toBe('4')
    // It would write .cache/Microsoft/DeveloperTools/.onnxruntime and mat-debug-<process>.log.
    expect(await readdir(home)).toEqual([])
  },
)
