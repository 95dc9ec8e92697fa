/** A value from a stranger's file, made safe and short for one line of an error message. */
export function quoteValue(value: string): string {
  const short = value.length > 40 ? `${value.slice(0, 40)}…` : value
  // JSON escapes the ASCII control characters; C1 controls could still move a terminal's cursor, and direction
  // marks could reorder the message, so everything that is not plain ASCII is escaped as well.
  return JSON.stringify(short).replaceAll(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}
