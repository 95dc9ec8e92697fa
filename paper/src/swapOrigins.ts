import { PaperError } from './PaperError.ts'

/** Whose each component is that is exchanged: of the originators of the entry, or a departure of ours from what they built. */
const ORIGINS: Readonly<Record<string, 'originators' | 'ours'>> = {
  'angle-messages': 'originators',
  'distance-bias': 'originators',
  'five-target-loss': 'originators',
  gates: 'originators',
  'edge-residual': 'ours',
  'path-measures': 'ours',
  rotation: 'ours',
  skip: 'ours',
  'trained-scorer': 'ours',
  'type-heads': 'ours',
  'weight-averaging': 'ours',
}

/** @throws PaperError for a swap that nobody has looked up. */
export function originOf(swap: string): 'originators' | 'ours' {
  const origin = ORIGINS[swap]
  if (origin !== undefined) return origin
  throw new PaperError(
    `swapOrigins.ts: whose component ${swap} exchanges is not said. Look it up in the deviations of its entry.json.`,
  )
}
