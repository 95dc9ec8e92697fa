import type { GLViewer } from '3dmol'

const view = document.querySelector<HTMLElement>('#view')!
const drawing = view.querySelector('svg')!
const model = view.querySelector<HTMLElement>('.model')!
const chosen = view.querySelector<HTMLElement>('#chosen')!
const status = view.querySelector<HTMLElement>('#model-status')!
const show = view.querySelector<HTMLButtonElement>('#show-3d')!
const table = document.querySelector<HTMLTableElement>('#pairs')!
const rows = [...table.tBodies[0]!.rows]
const titles = [...table.querySelectorAll('thead th')].map((head) => head.textContent ?? '')
const COLOUR = '#d55e00'
/** What the arrow keys do: degrees, and the axis. */
const TURNS: Readonly<Record<string, [number, 'x' | 'y']>> = {
  ArrowLeft: [-10, 'y'],
  ArrowRight: [10, 'y'],
  ArrowUp: [-10, 'x'],
  ArrowDown: [10, 'x'],
}
let viewer: GLViewer | undefined
let isLoading = false
let path: readonly number[] = []

for (const row of rows) {
  const head = row.cells[0]!
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = head.textContent
  button.setAttribute('aria-label', `Show coupling ${head.textContent}`)
  button.addEventListener('click', () => choose(row))
  head.replaceChildren(button)
}
show.hidden = false
const invitation = document.createElement('p')
invitation.className = 'muted'
invitation.textContent =
  'Choose a coupling in the table: its path is drawn, and every entry’s value listed here.'
chosen.replaceChildren(invitation)
chosen.hidden = false
show.addEventListener('click', () => void toggleModel())
const asked = location.hash.slice(1)
const named = rows.find((one) => anchorOf(one) === asked)
if (named) choose(named)

/** Marks a pair in table, drawing and model, lists its values, and keeps it in the address. */
function choose(row: HTMLTableRowElement): void {
  for (const other of rows) other.removeAttribute('aria-current')
  row.setAttribute('aria-current', 'true')
  history.replaceState(null, '', `#${anchorOf(row)}`)
  view.classList.add('picked')
  path = row.dataset['path']!.split(' ').map(Number)
  drawPath()
  describe(row)
  drawModelPath()
}

function anchorOf(row: HTMLTableRowElement): string {
  return row.cells[0]!.textContent.trim().replace('–', '-').toLowerCase()
}

function drawPath(): void {
  const atoms = [...drawing.querySelectorAll<SVGGElement>('.atom')]
  const ends = new Set([path[0], path.at(-1)])
  const places = path.map((atom) => {
    const { x, y } = atoms.find((one) => one.dataset['atom'] === String(atom))!.dataset
    return `${x} ${y}`
  })
  for (const atom of atoms) {
    atom.classList.toggle('chosen', ends.has(Number(atom.dataset['atom'])))
  }
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  line.setAttribute('d', `M${places.join('L')}`)
  drawing.querySelector('.pair')!.replaceChildren(line)
}

/** The row as a list, the entry that comes nearest first. */
function describe(row: HTMLTableRowElement): void {
  const cells = [...row.cells].map((cell) => cell.textContent.trim().replaceAll(/\s+/g, ' '))
  const heading = document.createElement('h2')
  heading.textContent = `${cells[0]}, ${cells[1]}`
  const facts = document.createElement('p')
  const dihedral = cells[3] === '–' ? '' : `, dihedral angle ${cells[3]}`
  facts.textContent = `Label ${cells[4]} Hz; distance ${cells[2]} Å${dihedral}.`
  const values = cells.slice(5).map((text, index) => {
    const [value, error] = text.split(' ')
    const size = Number(error!.replaceAll(/[^\d.]/g, ''))
    return { name: titles[index + 5]!, value: value!, error: error!, size }
  })
  const list = document.createElement('ol')
  for (const { name, value, error } of values.toSorted((a, b) => a.size - b.size)) {
    const item = document.createElement('li')
    item.textContent = `${name}: ${value} Hz (${error})`
    list.append(item)
  }
  chosen.replaceChildren(heading, facts, list)
}

/** Shows the model in place of the drawing, or the drawing again. */
async function toggleModel(): Promise<void> {
  if (isLoading) return
  const opens = model.hidden
  if (opens && !viewer) await loadModel()
  const isShown = opens && viewer !== undefined
  model.hidden = !isShown
  drawing.toggleAttribute('hidden', isShown)
  show.textContent = isShown ? 'Show flat' : 'Show in 3D'
  if (isShown) {
    // It may have been made, or the window changed, while it was hidden.
    viewer!.resize()
    drawModelPath()
    status.textContent =
      'Turn it with the mouse, a finger or the arrow keys; the table below has the same couplings.'
  } else if (!opens) {
    status.textContent = ''
  }
}

async function loadModel(): Promise<void> {
  isLoading = true
  status.textContent = 'Loading the viewer …'
  try {
    const { createViewer } = await import('3dmol')
    // A canvas takes the size of what is seen.
    model.hidden = false
    const made = createViewer(model, { backgroundAlpha: 0, disableFog: true })
    made.addModel(view.dataset['xyz']!, 'xyz')
    made.setStyle({}, { stick: { radius: 0.12 }, sphere: { scale: 0.24 } })
    made.zoomTo()
    made.render()
    const canvas = model.querySelector('canvas')!
    canvas.tabIndex = 0
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', `Model of ${view.dataset['name']}; arrow keys turn it`)
    canvas.addEventListener('keydown', (event) => {
      const turn = TURNS[event.key]
      if (!turn) return
      event.preventDefault()
      made.rotate(...turn)
    })
    viewer = made
  } catch (error) {
    status.textContent = `The 3D view does not work here (${(error as Error).message}); the drawing shows the same.`
  } finally {
    isLoading = false
  }
}

function drawModelPath(): void {
  if (!viewer || path.length < 2) return
  viewer.removeAllShapes()
  viewer.removeAllLabels()
  const atoms = path.map((index) => viewer!.selectedAtoms({ index })[0]!)
  for (const [step, atom] of atoms.entries()) {
    const next = atoms[step + 1]
    const isEnd = step === 0 || next === undefined
    const place = { x: atom.x!, y: atom.y!, z: atom.z! }
    if (isEnd) {
      viewer.addLabel(`${atom.elem}${path[step]! + 1}`, { position: place, backgroundOpacity: 0.6 })
    }
    if (next) {
      const end = { x: next.x!, y: next.y!, z: next.z! }
      viewer.addCylinder({ start: place, end, radius: 0.16, color: COLOUR })
    }
  }
  viewer.render()
}
