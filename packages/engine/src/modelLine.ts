/** Where a network called a tfjs op. */
export interface ModelLine {
  /** The op as the network wrote it, for example `where`; undefined where none was running. */
  readonly op: string | undefined
  /** `file:line:column`, relative to the working directory where the file is below it; undefined where no code of the network was running. */
  readonly place: string | undefined
}

const frame = /^\s+at (?:(?<name>.*) \()?(?<file>.*?):(?<line>\d+):(?<column>\d+)\)?$/
const engineFolder = pathOf(new URL('.', import.meta.url).href)

/**
 * Finds the line of the network in the stack of an error: the innermost one that belongs neither to TensorFlow.js nor to this package. Works for
 * TypeScript files that Node runs by stripping types, because that keeps lines and columns.
 *
 * @param stack text of an error's stack; see {@link withDeepStacks}.
 */
export function modelLine(stack: string): ModelLine {
  let op: string | undefined
  for (const text of stack.split('\n')) {
    const groups = frame.exec(text)?.groups
    if (!groups) continue
    // tfjs marks the functions of its ops with this ending; ops call others, and the outermost is the one that the network wrote.
    op = /(\w+)__op\b/.exec(groups['name'] ?? '')?.[1] ?? op
    const file = pathOf(groups['file']!)
    if (isForeign(file)) continue
    return { op, place: `${shortened(file)}:${groups['line']}:${groups['column']}` }
  }
  return { op, place: undefined }
}

/** The op and the place in words: `tf.where at src/network.ts:12:5`, or what is known of it. */
export function calledAt(stack: string = new Error().stack ?? ''): string {
  const { op, place } = modelLine(stack)
  return [op === undefined ? '' : `tf.${op}`, place === undefined ? '' : `at ${place}`]
    .filter((part) => part !== '')
    .join(' ')
}

/** Runs `body` with stacks long enough to reach the network through the layers of tfjs; the usual limit is 10 calls. */
export function withDeepStacks<T>(body: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 100
  try {
    return body()
  } finally {
    Error.stackTraceLimit = limit
  }
}

function isForeign(file: string): boolean {
  return (
    file.startsWith('node:') ||
    file.startsWith('<') ||
    file.includes('/@tensorflow/') ||
    file.startsWith(engineFolder)
  )
}

/** A path with forward slashes out of a path or a `file:` address; other addresses stay as they are. */
function pathOf(file: string): string {
  // A frame of an async function says so before its file.
  const place = file.replace(/^async /, '')
  const path = place.startsWith('file://') ? decodeURIComponent(new URL(place).pathname) : place
  return path.replaceAll('\\', '/').replace(/^\/(?=[A-Za-z]:\/)/, '')
}

function shortened(file: string): string {
  // Browsers have no working directory.
  const here = `${pathOf(globalThis.process?.cwd() ?? '')}/`
  return file.startsWith(here) ? file.slice(here.length) : file
}
