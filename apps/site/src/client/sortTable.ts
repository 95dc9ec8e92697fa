/** Sorts the rows of each part of a table by a column; rows without a value stay at the end, titles of a part at its top. */
export function sortTable(table: HTMLTableElement, key: string, descending: boolean): void {
  const heads = [...table.querySelectorAll<HTMLElement>('thead th')]
  const column = heads.findIndex((head) => head.dataset['key'] === key)
  if (column < 0) return
  const sign = descending ? -1 : 1
  for (const body of table.tBodies) {
    const keyed = [...body.rows]
      .filter((row) => !row.querySelector('[scope=rowgroup]'))
      .map((row) => ({ row, value: valueAt(row, column) }))
    keyed.sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined)
      }
      return a.value < b.value ? -sign : a.value > b.value ? sign : 0
    })
    body.append(...keyed.map(({ row }) => row))
  }
  for (const [index, head] of heads.entries()) {
    if (index === column) head.ariaSort = descending ? 'descending' : 'ascending'
    else head.removeAttribute('aria-sort')
  }
}

/** Makes the titles of a table's columns buttons; a second click turns the order round. */
export function makeSortable(
  table: HTMLTableElement,
  onSort: (key: string, descending: boolean) => void,
): void {
  for (const head of table.querySelectorAll<HTMLElement>('thead th')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    button.addEventListener('click', () => {
      onSort(head.dataset['key'] ?? '', head.ariaSort === 'ascending')
    })
    head.append(button)
  }
}

/** Number of a cell, or its text where it names none; nothing where the row has no such cell (a cell that spans columns counts as each of them). */
function valueAt(row: HTMLTableRowElement, column: number): number | string | undefined {
  let place = 0
  for (const cell of row.cells) {
    if (place <= column && column < place + cell.colSpan) {
      if (cell.colSpan > 1) return undefined
      const { value } = cell.dataset
      if (value !== undefined) return Number(value)
      const isText = cell.tagName === 'TH' || cell.classList.contains('words')
      const text = (cell.textContent ?? '').trim().toLowerCase()
      return isText && text !== '' ? text : undefined
    }
    place += cell.colSpan
  }
  return undefined
}
