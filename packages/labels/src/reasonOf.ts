/** What went wrong with a molecule, in words; openchemlib puts the name of a class in front. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return reason.replace(/^Class\$S\d+: /, '')
}
