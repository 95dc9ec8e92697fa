import { makeSortable, sortTable } from './sortTable.ts'

/** What a reader may choose; kept in the address, so that a link shows the same table. */
interface View {
  readonly data: string
  readonly unit: string
  readonly sort: string
  readonly descending: boolean
  readonly single: boolean
  readonly internal: boolean
  readonly scored: boolean
}

const form = document.querySelector<HTMLFormElement>('#board-controls')!
const boards = [...document.querySelectorAll<HTMLElement>('.board')]
const tables = boards.map((board) => board.querySelector('table')!)
const initial: View = {
  data: boards[0]?.dataset['dataset'] ?? '',
  unit: 'hz',
  sort: 'score',
  descending: false,
  single: false,
  internal: false,
  scored: false,
}
let view = readAddress()

const select = form.elements.namedItem('sort') as HTMLSelectElement
for (const head of tables[0]?.querySelectorAll<HTMLElement>('thead th') ?? []) {
  select.add(new Option(head.textContent?.trim(), head.dataset['key']))
}
for (const table of tables) {
  makeSortable(table, (sort, descending) => change({ sort, descending }))
}
form.hidden = false
form.addEventListener('change', () => {
  const values = new FormData(form)
  const sort = text(values, 'sort')
  change({
    data: text(values, 'data'),
    unit: text(values, 'unit'),
    sort,
    descending: sort === view.sort && view.descending,
    single: values.has('single'),
    internal: values.has('internal'),
    scored: values.has('scored'),
  })
})
addEventListener('popstate', () => {
  view = readAddress()
  show()
})
show()

function change(part: Partial<View>): void {
  view = { ...view, ...part }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(view)) {
    if (value !== initial[name as keyof View]) query.set(name, String(value))
  }
  history.replaceState(null, '', query.size > 0 ? `?${query}` : location.pathname)
  show()
}

function readAddress(): View {
  const query = new URLSearchParams(location.search)
  const flag = (name: string): boolean => query.get(name) === 'true'
  const data = query.get('data') ?? initial.data
  return {
    data: boards.some((board) => board.dataset['dataset'] === data) ? data : initial.data,
    unit: query.get('unit') === 'ln' ? 'ln' : 'hz',
    sort: query.get('sort') ?? initial.sort,
    descending: flag('descending'),
    single: flag('single'),
    internal: flag('internal'),
    scored: flag('scored'),
  }
}

function show(): void {
  for (const [index, board] of boards.entries()) {
    board.hidden = board.dataset['dataset'] !== view.data
    sortTable(tables[index]!, view.sort, view.descending)
  }
  for (const cell of document.querySelectorAll<HTMLElement>('td.type[data-value]')) {
    cell.dataset['hertz'] ??= cell.textContent?.trim()
    const { hertz, value } = cell.dataset
    cell.textContent = view.unit === 'ln' ? Math.log(Number(value)).toFixed(2) : hertz
  }
  for (const unit of document.querySelectorAll('.unit')) {
    unit.textContent = view.unit === 'ln' ? 'ln(Hz)' : 'Hz'
  }
  for (const row of document.querySelectorAll<HTMLElement>('.leaderboard tbody tr')) {
    row.hidden =
      (view.single && row.dataset['kind'] !== 'single') ||
      (view.internal && row.dataset['external'] === 'true') ||
      (view.scored && row.classList.contains('missing'))
  }
  for (const name of ['data', 'unit'] as const) {
    const radio = form.querySelector<HTMLInputElement>(`[name=${name}][value="${view[name]}"]`)
    if (radio) radio.checked = true
  }
  select.value = view.sort
  for (const name of ['single', 'internal', 'scored'] as const) {
    const box = form.elements.namedItem(name) as HTMLInputElement
    box.checked = view[name]
  }
}

function text(values: FormData, name: string): string {
  const value = values.get(name)
  return typeof value === 'string' ? value : ''
}
