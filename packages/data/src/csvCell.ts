/** A text as one cell of a line of comma-separated values: in quotes where it holds a comma, a quote or the end of a line. */
export function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
