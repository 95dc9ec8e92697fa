const LINE = 100

/**
 * JSON for files that people compare: two spaces a level; arrays, and objects inside arrays, stay on one line where
 * they fit in 100 columns, rows of a matrix always.
 *
 * @param value plain JSON data; keys whose value is undefined are left out.
 */
export function formatJson(value: unknown, indent = '', inArray = false): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const isArray = Array.isArray(value)
  const inner = `${indent}  `
  const items = isArray
    ? value.map((item) => formatJson(item, inner, true))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${formatJson(item, inner)}`)
  const [open, close] = isArray ? '[]' : '{}'
  if (items.length === 0) return `${open}${close}`
  const oneLine = isArray ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`
  // Only scalars share a line: one type's record, and rows of a matrix whatever their length.
  const flat = Object.values(value).every((item) => typeof item !== 'object' || item === null)
  const row = inArray && isArray && value.every((item) => typeof item === 'number')
  if (row || (flat && (isArray || inArray) && indent.length + oneLine.length < LINE)) return oneLine
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`
}
