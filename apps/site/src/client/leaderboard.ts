import { makeSortable, sortTable } from './sortTable.ts'

/** What a reader may choose; kept in the address, so that a link shows the same table. */
interface View {
  readonly unit: string
  readonly sort: string
  readonly descending: boolean
  readonly single: boolean
  readonly internal: boolean
  readonly scored: boolean
  readonly history: boolean
}

const form = document.querySelector<HTMLFormElement>('#board-controls')!
const table = document.querySelector<HTMLTableElement>('.leaderboard')
const others = [...document.querySelectorAll<HTMLAnchorElement>('.datasets a')]
const initial: View = {
  unit: 'hz',
  sort: 'score',
  descending: false,
  single: false,
  internal: false,
  scored: false,
  history: true,
}
/** Where rows are cards, and titles of columns are out of sight. */
const cards = matchMedia('(max-width: 85rem)')
const select = form.elements.namedItem('sort') as HTMLSelectElement
for (const head of table?.querySelectorAll<HTMLElement>('thead th') ?? []) {
  select.add(new Option(head.textContent?.trim(), head.dataset['key']))
}
let view = readAddress()
if (table) {
  makeSortable(table, (sort, descending) => change({ sort, descending }))
  skipTitles()
  cards.addEventListener('change', skipTitles)
  form.hidden = false
}
form.addEventListener('change', () => {
  const values = new FormData(form)
  change({
    unit: text(values, 'unit'),
    sort: text(values, 'sort'),
    descending: values.has('descending'),
    single: values.has('single'),
    internal: values.has('internal'),
    scored: values.has('scored'),
    history: values.has('history'),
  })
})
addEventListener('popstate', () => {
  view = readAddress()
  show()
})
show()

/** Keeps the keyboard off titles that nobody sees: `Sort by` does the same. */
function skipTitles(): void {
  for (const button of table!.querySelectorAll<HTMLElement>('thead button')) {
    button.tabIndex = cards.matches ? -1 : 0
  }
}

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
  const sort = query.get('sort')
  return {
    unit: query.get('unit') === 'ln' ? 'ln' : 'hz',
    // A column that is not there sorts nothing.
    sort: [...select.options].find(({ value }) => value === sort)?.value ?? initial.sort,
    descending: flag('descending'),
    single: flag('single'),
    internal: flag('internal'),
    scored: flag('scored'),
    history: query.get('history') !== 'false',
  }
}

function show(): void {
  if (table) sortTable(table, view.sort, view.descending)
  // The other data sets are shown in the same way.
  for (const other of others) other.search = location.search
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
  for (const part of document.querySelectorAll<HTMLElement>('.history')) part.hidden = !view.history
  form.querySelector<HTMLInputElement>(`[name=unit][value="${view.unit}"]`)!.checked = true
  select.value = view.sort
  for (const name of ['descending', 'single', 'internal', 'scored', 'history'] as const) {
    const box = form.elements.namedItem(name) as HTMLInputElement | null
    if (box) box.checked = view[name]
  }
}

function text(values: FormData, name: string): string {
  const value = values.get(name)
  return typeof value === 'string' ? value : ''
}
