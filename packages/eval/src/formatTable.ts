import { describeBlock, TABLE_COLUMNS, tableCells, type TableBlock } from './rankedTable.ts'

const LONGEST_ENTRY = 28
// Rank and numbers are read from the right, names from the left.
const LEFT_ALIGNED = new Set<string>(['entry'])

/**
 * Ranked tables for a terminal, plain text of at most 140 columns: heading and what the numbers are about, one row per
 * entry (best first, failed runs last and without a rank), notes beneath. Blocks are ranked each for itself and share
 * the widths of their columns.
 */
export function formatTable(blocks: readonly TableBlock[]): string {
  const bodies = blocks.map((block) =>
    tableCells(block).map((cells) => cells.map((cell) => shortened(printable(cell)))),
  )
  const widths = TABLE_COLUMNS.map((title, column) =>
    Math.max(title.length, ...bodies.flat().map((cells) => cells[column]!.length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        LEFT_ALIGNED.has(TABLE_COLUMNS[column]!)
          ? cell.padEnd(widths[column]!)
          : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  return blocks
    .map((block, index) =>
      [
        ...(block.heading === undefined ? [] : [printable(block.heading)]),
        printable(describeBlock(block)),
        line(TABLE_COLUMNS),
        ...bodies[index]!.map(line),
        ...notes(block),
      ].join('\n'),
    )
    .join('\n\n')
}

/** {@link formatTable} in Markdown, for the README: a paragraph, a table and a list of notes per block. */
export function formatMarkdownTable(blocks: readonly TableBlock[]): string {
  const rule = TABLE_COLUMNS.map((title) => (LEFT_ALIGNED.has(title) ? '---' : '---:'))
  return blocks
    .map((block) =>
      [
        ...(block.heading === undefined ? [] : [`**${escaped(printable(block.heading))}**`, '']),
        escaped(printable(describeBlock(block))),
        '',
        markdownRow(TABLE_COLUMNS),
        `| ${rule.join(' | ')} |`,
        ...tableCells(block).map(markdownRow),
        ...notes(block).flatMap((note, index) => [
          ...(index === 0 ? [''] : []),
          `- ${escaped(note)}`,
        ]),
      ].join('\n'),
    )
    .join('\n\n')
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escaped(printable(cell))).join(' | ')} |`
}

function notes({ rows }: TableBlock): string[] {
  const own = rows.flatMap(({ entry, note }) =>
    note === undefined ? [] : [printable(`${entry}: ${note}`)],
  )
  return [...own, ...chargesNote(rows)]
}

/** Calculated charges do not exist for a user's molecule, so that a score says which it had: one line, exceptions by name. */
function chargesNote(rows: TableBlock['rows']): string[] {
  if (rows.every(({ charges }) => charges === undefined)) return []
  const given = rows.filter(({ charges }) => charges !== undefined && charges !== 'none')
  if (given.length === 0) return ['charges: none']
  const names = given.map(({ entry, charges }) => `${charges} (${entry})`).join(', ')
  return [printable(`charges: ${names}${given.length < rows.length ? '; none (the others)' : ''}`)]
}

/** Without control characters: names may come from strangers' files, terminals obey what they print. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ')
}

function shortened(cell: string): string {
  return cell.length > LONGEST_ENTRY ? `${cell.slice(0, LONGEST_ENTRY - 1)}…` : cell
}

/** Keeps a cell from ending early or turning into a link or tag. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<[\]*_`]/g, String.raw`\$&`)
}
