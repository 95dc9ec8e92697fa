import { writeOnnx } from './onnxModel.ts'

/** The smallest graph, `y = x + x` of one number: whether it runs tells whether a backend works. */
export function probeGraph(): Uint8Array {
  const port = (name: string) => ({ name, dtype: 'float32' as const, shape: [1] })
  return writeOnnx({
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'], attributes: {} }],
    constants: [],
    inputs: [port('x')],
    outputs: [port('y')],
  })
}
