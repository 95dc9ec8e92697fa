import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { chromium } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileGraph } from '../src/compileGraph.ts'
import { createRunner } from '../src/createRunner.ts'
import { createWebRunner, EngineError, initialiseParameters, loadGraph } from '../src/web.ts'
import { bundleForWeb, fetchedAtStart } from './bundleForWeb.ts'
import { chromiumPath } from './chromium.ts'
import { floats, integers } from './fixtures.ts'
import { messages, trainingStep } from './toyNetworks.ts'

const WASM = 'ort-wasm-simd-threaded.wasm'

/** Rows of `table` picked by `rows`, each times `factor`. */
let onnx: Uint8Array
const inputs = {
  table: floats([3, 2], [1, 2, 3, 4, 5, 6]),
  rows: integers([4], [2, 0, 0, 1]),
  factor: floats([2], [10, 100]),
}
const product = [50, 600, 10, 200, 10, 200, 30, 400]

beforeAll(async () => {
  await tf.ready()
  onnx = compileGraph(
    [
      { name: 'table', shape: [3, 2], dtype: 'float32' },
      { name: 'rows', shape: [4], dtype: 'int32' },
      { name: 'factor', shape: [2], dtype: 'float32' },
    ],
    ({ table, rows, factor }) => ({ y: tf.mul(tf.gather(table!, rows!), factor!) }),
  ).onnx
})

describe('what @couplet/engine/web imports', () => {
  test('is nothing of Node, and TensorFlow.js only behind createWebRunner', async () => {
    const { external, outputs } = await bundleForWeb(`export * from '../src/web.ts'`, 'external')
    expect([
      ...new Set(external.map((path) => path.replace(/^pure-rand\/.*/, 'pure-rand'))),
    ]).toEqual(expect.arrayContaining(['@tensorflow/tfjs', 'onnxruntime-web/wasm', 'pure-rand']))
    expect(
      external.filter((path) => !/^(@tensorflow\/tfjs|onnxruntime-web|pure-rand)/.test(path)),
    ).toEqual([])
    const modules = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
    expect(modules.some((path) => path.endsWith('src/lowering/lowerTrace.ts'))).toBe(true)
    expect(
      modules.filter((path) => /OrtRunner|ortWorker|SharedState|findRunners/.test(path)),
    ).toEqual([])
  })

  test('a page that only runs a graph fetches no TensorFlow.js, and little else', async () => {
    const bundle = await bundleForWeb(
      `import { createWebRunner, loadGraph } from '../src/web.ts'
      Object.assign(globalThis, { createWebRunner, loadGraph })`,
    )
    const start = fetchedAtStart(bundle)
    const modules = start.flatMap((path) => Object.keys(bundle.outputs[path]!.inputs))
    expect(modules.some((path) => path.includes('onnxruntime-web'))).toBe(true)
    expect(modules.filter((path) => path.includes('@tensorflow'))).toEqual([])
    const size = (paths: readonly string[]): number =>
      paths.reduce((sum, path) => sum + bundle.outputs[path]!.bytes, 0)
    console.log(
      `loadGraph: ${Math.round(size(start) / 1e3)} kB of scripts; with training ${Math.round(size(Object.keys(bundle.outputs)) / 1e3)} kB`,
    )
    expect(size(start)).toBeLessThan(200_000)
    expect(size(Object.keys(bundle.outputs))).toBeGreaterThan(1_000_000)
  })
})

describe('loadGraph in Node', () => {
  test('runs a file of compileGraph', async () => {
    const graph = await loadGraph(onnx)
    expect(graph.inputs).toContainEqual({ name: 'rows', dtype: 'int32', shape: [4] })
    const [one, other] = await Promise.all([
      graph.run({ ...inputs, unused: floats([1], [0]) }),
      graph.run({ ...inputs, factor: floats([2], [1, 0]) }),
    ])
    await graph.close()
    expect(one['y']).toEqual(floats([4, 2], product))
    expect([...other['y']!.data]).toEqual([5, 0, 1, 0, 1, 0, 3, 0])
  })

  test.each([
    [
      'a missing input',
      { factor: undefined },
      /input factor of the graph is missing.*float32 \[2\]/,
    ],
    ['another shape', { rows: integers([2], [0, 1]) }, /rows .* is int32 \[2\] .* int32 \[4\]/],
    [
      'another type',
      { rows: floats([4], [0, 0, 0, 0]) },
      /rows .* is float32 \[4\] but should be int32/,
    ],
    ['a short array', { rows: { ...integers([4], [0]) } }, /rows has shape \[4\].* but holds 1/],
    [
      'an index out of range',
      { rows: integers([4], [0, 0, 0, 9]) },
      /the graph failed: .*indices/s,
    ],
  ])('refuses %s, and goes on', async (_, change, message) => {
    const graph = await loadGraph(onnx)
    const arrays = Object.fromEntries(
      Object.entries({ ...inputs, ...change }).filter(([, array]) => array !== undefined),
    ) as typeof inputs
    const failing = graph.run(arrays)
    await expect(failing).rejects.toThrow(EngineError)
    await expect(failing).rejects.toThrow(message)
    expect((await graph.run(inputs))['y']).toEqual(floats([4, 2], product))
    await graph.close()
  })

  test.each([
    ['an empty file', () => new Uint8Array()],
    ['something else', () => new TextEncoder().encode('{"not": "a graph"}')],
    ['half a file', () => onnx.slice(0, onnx.length / 2)],
  ])('refuses %s', async (_, bytes) => {
    const loading = loadGraph(bytes())
    await expect(loading).rejects.toThrow(EngineError)
    await expect(loading).rejects.toThrow(/the graph does not load \(.*Is it a whole ONNX file/)
  })
})

test('createWebRunner in Node is the runner ort-web', async () => {
  const store = initialiseParameters(messages.spec, 5)
  const runner = await createWebRunner(messages.network, store)
  const { loss } = await runner.gradient([messages.batch(2)], messages.log)
  await runner.close()
  expect(runner).toMatchObject({ name: 'ort-web', workers: 1 })
  expect(loss).toBeCloseTo((await reference()).loss, 5)
})

/** Loss and gradient of the toy on tfjs-cpu, and its parameters after a step. */
async function reference() {
  const store = initialiseParameters(messages.spec, 5)
  const runner = await createRunner(messages.network, store, { runner: 'tfjs-cpu' })
  const { loss, gradient } = await runner.gradient([messages.batch(2)], messages.log)
  await runner.train(trainingStep([messages.batch(2)], messages.log))
  await runner.close()
  return { loss, gradient: [...gradient], values: [...store.values] }
}

/** Serves files on the loopback interface. */
async function serve(files: ReadonlyMap<string, Uint8Array>): Promise<Server> {
  const types: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' }
  const server = createServer(({ url }, response) => {
    const name = url!.slice(1) || 'index.html'
    const contents = files.get(name)
    response.writeHead(contents ? 200 : 404, {
      'content-type': types[name.split('.').at(-1)!] ?? 'text/html',
    })
    response.end(contents)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Runs in the page: a file's graph first, then training. */
const PROGRAM = `
  import { createWebRunner, initialiseParameters, loadGraph } from '../src/web.ts'
  import { messages, trainingStep } from './toyNetworks.ts'
  const wasm = '/${WASM}'
  Object.assign(globalThis, {
    async runGraph(onnx, inputs) {
      const graph = await loadGraph(Uint8Array.from(onnx), { wasm })
      const { y } = await graph.run({
        table: { shape: [3, 2], data: Float32Array.from(inputs.table) },
        rows: { shape: [4], data: Int32Array.from(inputs.rows) },
        factor: { shape: [2], data: Float32Array.from(inputs.factor) },
      })
      await graph.close()
      return [...y.data]
    },
    async train() {
      const store = initialiseParameters(messages.spec, 5)
      const runner = await createWebRunner(messages.network, store, { wasm })
      const { loss, gradient } = await runner.gradient([messages.batch(2)], messages.log)
      await runner.train(trainingStep([messages.batch(2)], messages.log))
      await runner.close()
      return { loss, gradient: [...gradient], values: [...store.values] }
    },
  })
`

describe('in Chromium', () => {
  test('a page runs a graph and trains a network', { timeout: 120_000 }, async (context) => {
    if (chromiumPath === undefined) {
      console.log('skipped: no Chromium in /usr/bin, so ort-web was tried in Node only')
      context.skip()
      return
    }
    const { files } = await bundleForWeb(PROGRAM)
    const folder = dirname(createRequire(import.meta.url).resolve(`onnxruntime-web/${WASM}`))
    const server = await serve(
      new Map([
        ...files,
        [WASM, await readFile(join(folder, WASM))],
        [
          'index.html',
          new TextEncoder().encode(
            '<link rel="icon" href="data:,"><script type="module" src="program.js"></script>',
          ),
        ],
      ]),
    )
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    try {
      const page = await browser.newPage()
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          problems.push(message.text())
      })
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await page.waitForFunction('globalThis.train')
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, { data }]) => [name, [...data]]),
      )
      const y = await page.evaluate(
        `runGraph(${JSON.stringify([...onnx])}, ${JSON.stringify(given)})`,
      )
      expect(y).toEqual(product)
      const isolated: boolean = await page.evaluate('globalThis.crossOriginIsolated')
      expect(isolated).toBe(false) // so that there is no SharedArrayBuffer

      const trained: Awaited<ReturnType<typeof reference>> = await page.evaluate('train()')
      const expected = await reference()
      expect(trained.loss).toBeCloseTo(expected.loss, 5)
      for (const vector of ['gradient', 'values'] as const) {
        expect(trained[vector]).toHaveLength(expected[vector].length)
        for (const [index, value] of expected[vector].entries()) {
          expect(trained[vector][index]).toBeCloseTo(value, 4)
        }
      }
      expect(problems).toEqual([])
    } finally {
      await browser.close()
      server.close()
    }
  })
})
