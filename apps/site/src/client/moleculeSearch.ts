import { formatHertz } from '@couplet/eval'
import { elementCounts } from '../lib/elementCounts.ts'
import { fetchFile, NOT_LOADED, onDemand } from './onDemand.ts'

/** What the index of molecules holds of each. */
interface Listed {
  readonly name: string
  readonly formula: string
  readonly smiles: string
  readonly pairs: number
  readonly fold: string
  readonly geometry: string
  /** Mean absolute error in hertz of the entry whose errors are listed; null where it predicted nothing. */
  readonly error: number | null
}

/** More rows would be slow to read, and to draw. */
const MOST_ROWS = 100

const form = document.querySelector<HTMLFormElement>('#molecule-search')!
const input = form.querySelector('input')!
const found = document.querySelector('#found')!
const body = document.querySelector<HTMLTableElement>('#molecules')!.tBodies[0]!
const pages = document.querySelector<HTMLElement>('#pages')!
const original = [...body.rows]
const index = onDemand(async (): Promise<readonly Listed[]> => {
  const answer = await fetchFile(form.dataset['index']!)
  return ((await answer.json()) as { molecules: Listed[] }).molecules
})

form.hidden = false
form.addEventListener('submit', (event) => event.preventDefault())
input.addEventListener('input', () => void search(input.value))
input.value = new URLSearchParams(location.search).get('q') ?? ''
if (input.value !== '') void search(input.value)

async function search(words: string): Promise<void> {
  const wanted = words.trim()
  history.replaceState(null, '', wanted ? `?q=${encodeURIComponent(wanted)}` : location.pathname)
  pages.hidden = wanted !== ''
  if (wanted === '') {
    body.replaceChildren(...original)
    found.textContent = ''
    return
  }
  let all: readonly Listed[]
  try {
    all = await index()
  } catch {
    if (input.value === words) found.textContent = NOT_LOADED
    return
  }
  const lower = wanted.toLowerCase()
  const counts = elementCounts(wanted)
  const matches = all.filter(
    ({ name, formula, smiles }) =>
      name.includes(lower) ||
      (counts !== undefined && elementCounts(formula) === counts) ||
      smiles.includes(wanted),
  )
  // The reader has typed on meanwhile.
  if (input.value !== words) return
  body.replaceChildren(...matches.slice(0, MOST_ROWS).map(rowOf))
  const shown = matches.length > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : ''
  found.textContent = `${matches.length} found${shown}`
}

/** A row as those that the page came with. */
function rowOf({
  name,
  formula,
  smiles,
  pairs,
  fold,
  geometry,
  error,
}: Listed): HTMLTableRowElement {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  const link = document.createElement('a')
  link.href = `${form.dataset['base']}${name}/`
  link.textContent = name
  head.scope = 'row'
  head.append(link)
  row.append(head)
  const code = document.createElement('code')
  code.textContent = smiles
  row.insertCell().textContent = formula
  row.insertCell().append(code)
  addCell(String(pairs), 'number')
  row.insertCell().textContent = fold
  addCell(geometry, 'geometry')
  if (form.dataset['error'] !== undefined) addCell(formatHertz(error), 'number')
  return row

  function addCell(text: string, kind: string): void {
    const cell = row.insertCell()
    cell.textContent = text
    cell.className = kind
  }
}
