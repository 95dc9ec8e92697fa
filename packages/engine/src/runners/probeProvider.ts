/**
 * Program: tries an execution provider of ONNX Runtime, named by the first argument, and prints `works`, or else why not.
 * A process of its own, because a broken graphics driver may end it or print what it likes.
 */
import ort from 'onnxruntime-node'
import { probeGraph } from '../probeGraph.ts'

try {
  const session = await ort.InferenceSession.create(probeGraph(), {
    executionProviders: [process.argv[2]!],
    logSeverityLevel: 4,
  })
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(2), [1]) })
  await session.release()
  console.log(y!.data[0] === 4 ? 'works' : `2 + 2 gives ${String(y!.data[0])}`)
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error))
}
