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
let viewer: GLViewer | undefined
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
show.addEventListener('click', () => void openModel())
const asked = location.hash.slice(1)
const named = rows.find((one) => anchorOf(one) === asked)
if (named) choose(named)

/** Marks a pair in table, drawing and model, lists its values, and keeps it in the address. */
function choose(row: HTMLTableRowElement): void {
  for (const other of rows) other.removeAttribute('aria-current')
  row.setAttribute('aria-current', 'true')
  history.replaceState(null, '', `#${anchorOf(row)}`)
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

async function openModel(): Promise<void> {
  show.disabled = true
  status.textContent = 'Loading the viewer …'
  try {
    const { createViewer } = await import('3dmol')
    model.hidden = false
    viewer = createViewer(model, { backgroundAlpha: 0, disableFog: true })
    viewer.addModel(view.dataset['xyz']!, 'xyz')
    viewer.setStyle({}, { stick: { radius: 0.12 }, sphere: { scale: 0.24 } })
    viewer.zoomTo()
    viewer.render()
    drawing.toggleAttribute('hidden', true)
    show.hidden = true
    status.textContent =
      'Turn it with the mouse or a finger; the table below has the same couplings.'
    drawModelPath()
  } catch (error) {
    model.hidden = true
    status.textContent = `The 3D view does not work here (${(error as Error).message}); the drawing shows the same.`
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
