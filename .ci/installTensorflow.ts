/**
 * `pnpm gpu:install`: fetches TensorFlow with CUDA for `@tensorflow/tfjs-node-gpu`, whose own install script is never run unasked, and says
 * whether it finds a GPU. Where the download cannot be reached it says so within seconds and changes nothing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findTensorflow } from '../packages/engine/src/findTensorflow.ts'
import { ROOT } from './runTool.ts'

/** Milliseconds that the server gets to answer; the package's own installer would wait for minutes. */
const PATIENCE = 15_000

const folder = join(ROOT, 'node_modules', '@tensorflow', 'tfjs-node-gpu')
// The variables that the installer itself reads.
const server =
  process.env['TFJS_NODE_BASE_URI'] ??
  process.env['TFJS_NODE_CDN_STORAGE'] ??
  'https://storage.googleapis.com/'

process.exitCode = await install()

async function install(): Promise<number> {
  if (!existsSync(folder)) {
    return fail('@tensorflow/tfjs-node-gpu is not there', 'Install the workspace first: npm start')
  }
  if (process.arch !== 'x64' || !['linux', 'win32'].includes(process.platform)) {
    const machine = `${process.platform} ${process.arch}`
    return fail(
      `there is no TensorFlow with CUDA for ${machine}`,
      'It is made for Linux and Windows on x64',
    )
  }
  // Through a proxy the installer finds its way, but `fetch` of Node 22 does not.
  const isBehindProxy = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(
    (name) => process.env[name],
  )
  const problem = isBehindProxy ? undefined : await reach(server)
  if (problem !== undefined) {
    return fail(
      `${server} cannot be reached (${problem}), so TensorFlow was not downloaded`,
      'Check the network or its proxy, or name a mirror in TFJS_NODE_CDN_STORAGE (its address ends with a slash)',
    )
  }
  const { status } = spawnSync('npm', ['--prefix', folder, 'run', 'install'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    return fail('the installer of @tensorflow/tfjs-node-gpu failed', 'Its messages are above')
  }
  const { available, reason } = await findTensorflow(folder)
  console.log(`tfjs-node-gpu: ${reason}.`)
  if (available) return 0
  return fail(
    'it is installed but will not be used',
    'TensorFlow 2.9 needs an NVIDIA card, CUDA 11.2 and cuDNN 8.1; `couplet doctor` looks again',
  )
}

/** Why a server does not answer; nothing where it does, with whatever answer. */
async function reach(address: string): Promise<string | undefined> {
  try {
    await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(PATIENCE) })
    return undefined
  } catch (error) {
    const { message, cause } = error as Error
    return cause instanceof Error ? cause.message : message
  }
}

function fail(what: string, advice: string): number {
  console.error(
    `gpu:install: ${what}. ${advice}. Nothing else changes: networks run on another runner.`,
  )
  return 1
}
