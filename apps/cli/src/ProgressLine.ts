/** Milliseconds between two updates on a terminal, and between two lines where the output is a file or a pipe. */
const TERMINAL_INTERVAL = 200
const PIPE_INTERVAL = 1500
const SPINNER = ['|', '/', '-', '\\'] as const

/**
 * One line about work under way, with time left, on standard error. A clock of its own redraws it, so that it moves also
 * while nothing is reported; before the first report it shows the time alone. On a terminal the line is redrawn in place; elsewhere a new line is printed every 1.5 s.
 */
export class ProgressLine {
  readonly #title: string
  readonly #stream: NodeJS.WriteStream
  readonly #timer: NodeJS.Timeout
  readonly #start = performance.now()
  /** Share that was done before the clock started. */
  #origin = 0
  #share: number | undefined
  #detail = ''
  #ticks = 0

  /** Starts the clock. */
  constructor(title: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#title = title
    this.#stream = stream
    this.#timer = setInterval(() => this.#draw(), stream.isTTY ? TERMINAL_INTERVAL : PIPE_INTERVAL)
    this.#draw()
  }

  /** Tells how much is done, 0 to 1, and what is going on. */
  update(share: number, detail = ''): void {
    this.#share = share
    this.#detail = detail
  }

  /** Goes on with work of which a share was done earlier, which does not count for the time left. */
  goOn(share: number, detail: string): void {
    this.#origin = share
    this.update(share, detail)
    // At once: the first step may be done before the clock ticks.
    this.#draw()
  }

  /** Stops the clock and leaves a last line. */
  end(text: string): void {
    clearInterval(this.#timer)
    this.#print(`${this.#title}  ${text}`, true)
  }

  #draw(): void {
    const elapsed = (performance.now() - this.#start) / 1000
    const spinner = SPINNER[this.#ticks++ % SPINNER.length]
    const share = this.#share
    if (share === undefined) {
      this.#print(`${this.#title} ${spinner} ${duration(elapsed)}`, false)
      return
    }
    const done = share - this.#origin
    const left = done > 0.01 ? `, ${duration((elapsed * (1 - share)) / done)} left` : ''
    const filled = Math.round(20 * share)
    const bar = `${'#'.repeat(filled)}${'.'.repeat(20 - filled)}`
    const percent = `${Math.floor(100 * share)} %`.padStart(5)
    this.#print(
      `${this.#title} ${spinner} [${bar}]${percent}  ${duration(elapsed)}${left}${this.#detail ? `  ${this.#detail}` : ''}`,
      false,
    )
  }

  #print(line: string, last: boolean): void {
    if (!this.#stream.isTTY) {
      this.#stream.write(`${line}\n`)
      return
    }
    const width = this.#stream.columns || 100
    this.#stream.write(`\r\u001B[2K${line.slice(0, width - 1)}${last ? '\n' : ''}`)
  }
}

/** Does work under a progress line, which ends with what `summary` says of the result, or with `failed`. */
export async function withProgress<T>(
  title: string,
  work: (line: ProgressLine) => Promise<T>,
  summary: (result: T) => string,
): Promise<T> {
  const line = new ProgressLine(title)
  try {
    const result = await work(line)
    line.end(summary(result))
    return result
  } catch (error) {
    line.end('failed')
    throw error
  }
}

/** Seconds for people: `8 s`, `2 min 05 s`, `1 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
