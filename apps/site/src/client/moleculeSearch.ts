/** What the index of molecules holds of each. */
interface Listed {
  readonly name: string
  readonly formula: string
  readonly smiles: string
  readonly pairs: number
  readonly fold: string
  readonly geometry: string
}

/** More rows would be slow to read, and to draw. */
const MOST_ROWS = 100

const form = document.querySelector<HTMLFormElement>('#molecule-search')!
const input = form.querySelector('input')!
const found = document.querySelector('#found')!
const body = document.querySelector<HTMLTableElement>('#molecules')!.tBodies[0]!
const pages = document.querySelector<HTMLElement>('#pages')!
const original = [...body.rows]
let index: Promise<readonly Listed[]> | undefined

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
  index ??= fetch(form.dataset['index']!).then(
    async (response) => ((await response.json()) as { molecules: Listed[] }).molecules,
  )
  const lower = wanted.toLowerCase()
  const matches = (await index).filter(
    ({ name, formula, smiles }) =>
      name.includes(lower) || formula.toLowerCase() === lower || smiles.includes(wanted),
  )
  // The reader has typed on meanwhile.
  if (input.value !== words) return
  body.replaceChildren(...matches.slice(0, MOST_ROWS).map(rowOf))
  const shown = matches.length > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : ''
  found.textContent = `${matches.length} found${shown}`
}

function rowOf({ name, formula, smiles, pairs, fold, geometry }: Listed): HTMLTableRowElement {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  const link = document.createElement('a')
  link.href = `${form.dataset['base']}${name}/`
  link.textContent = name
  head.scope = 'row'
  head.append(link)
  row.append(head)
  for (const text of [formula, smiles, String(pairs), fold, geometry]) {
    row.insertCell().textContent = text
  }
  return row
}
