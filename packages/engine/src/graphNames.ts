/** Prefixes that tell the inputs and outputs of a network's graph apart. */
export const PREFIX = {
  parameter: 'parameter:',
  feature: 'feature:',
  random: 'random:',
  output: 'output:',
  gradient: 'gradient:',
  saved: 'saved:',
} as const
