import type { ErrorLines } from '../lib/errorLines.ts'
import { fetchFile, NOT_LOADED, onDemand } from './onDemand.ts'

const form = document.querySelector<HTMLFormElement>('#error-lines')
if (form) start(form)

/** Draws the errors of the entries that a reader ticks; the library for it comes when it is first wanted. */
function start(controls: HTMLFormElement): void {
  const frame = document.querySelector<HTMLElement>('#errors')!
  const status = controls.querySelector<HTMLElement>('[role=status]')!
  const needed = onDemand(load)
  controls.hidden = false
  // The boxes are the key now.
  const key = controls.previousElementSibling as HTMLElement
  key.hidden = true
  controls.addEventListener('change', () => void show())

  async function load() {
    const [data, { plot }, { plotErrorLines }] = await Promise.all([
      fetchFile(frame.dataset['lines']!).then(
        async (answer) => (await answer.json()) as ErrorLines,
      ),
      import('@observablehq/plot'),
      import('../lib/errorLines.ts'),
    ])
    return { data, plot, plotErrorLines }
  }

  async function show(): Promise<void> {
    try {
      const { data, plot, plotErrorLines } = await needed()
      const fields = new FormData(controls)
      const ticked = fields.getAll('entry')
      const drawn = plot({
        width: 520,
        marginTop: 28,
        marginBottom: 42,
        style: { fontSize: '12.5px', background: 'none' },
        ...plotErrorLines(data, {
          shown: ({ entry }) => ticked.includes(entry),
          logarithmic: fields.has('logarithmic'),
        }),
      })
      const old = frame.querySelector('svg')!
      drawn.setAttribute('role', 'img')
      drawn.setAttribute('aria-label', old.getAttribute('aria-label')!)
      for (const part of drawn.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
      old.replaceWith(drawn)
      status.textContent = `${ticked.length} of ${data.lines.length} entries drawn.`
    } catch {
      status.textContent = NOT_LOADED
    }
  }
}
