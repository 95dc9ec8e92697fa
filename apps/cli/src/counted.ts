/** A number of things in words: `1 molecule`, `12 molecules`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
