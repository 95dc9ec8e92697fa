import type { ParameterSpec } from '@couplet/engine'

/** The same parameters, left as they start: for parts of a published network that nothing reads, or that no loss reaches. */
export function untrainedSpec(spec: ParameterSpec): ParameterSpec {
  return Object.fromEntries(
    Object.entries(spec).map(([name, parameter]) => [name, { ...parameter, trainable: false }]),
  )
}
