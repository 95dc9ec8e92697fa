import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Finding } from './Availability.ts'
import { disableTelemetry } from './disableTelemetry.ts'
import { firstLine } from './firstLine.ts'

/** Milliseconds that a graphics driver gets to answer. */
const PATIENCE = 60_000

/** What stands before the message proper. */
const SOURCE = /^(.* was false\. |OrtSessionOptions\w+: )/

const require = createRequire(import.meta.url)

/** What each provider is called, and what it needs. */
const providers = {
  webgpu: {
    works: 'ONNX Runtime on the graphics card by WebGPU',
    needs: () => 'It needs a graphics card with a driver for Vulkan, Metal or Direct3D 12',
  },
  cuda: {
    works: 'ONNX Runtime on the graphics card by CUDA',
    needs: (folder: string) =>
      `It needs Linux on x64, an NVIDIA card, CUDA 12, cuDNN 9 and ONNX Runtime's CUDA libraries (\`ONNXRUNTIME_NODE_INSTALL=cuda12 node ${join(folder, 'script', 'install.js')}\` downloads them)`,
  },
} as const

/** Tries one of ONNX Runtime's providers for graphics cards, in a process of its own. */
export async function findGpuProvider(provider: keyof typeof providers): Promise<Finding> {
  const { works, needs } = providers[provider]
  let folder: string
  try {
    folder = relative(process.cwd(), dirname(require.resolve('onnxruntime-node/package.json')))
  } catch {
    return { available: false, reason: 'onnxruntime-node is not installed' }
  }
  disableTelemetry()
  const answer = await probe(provider)
  return answer === 'works'
    ? { available: true, reason: works }
    : { available: false, reason: `${answer}. ${needs(folder)}` }
}

function probe(provider: string): Promise<string> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const program = fileURLToPath(new URL(`./runners/probeProvider.${extension}`, import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [program, provider], { timeout: PATIENCE }, (error, stdout) => {
      // The last line: libraries may print before it. The message of ONNX Runtime begins with a place in its source.
      const answer = stdout.trim().split('\n').at(-1)!.replace(SOURCE, '')
      if (!error && answer !== '') resolve(answer.replace(/\.$/, ''))
      else if (error?.killed) resolve(`the driver did not answer within ${PATIENCE / 1000} s`)
      else resolve(`trying it ended a process (${error?.signal ?? firstLine(error)})`)
    })
  })
}
