/** Program: loss and gradient of the attention toy on the runner that the first argument names, as JSON, or the error in words. */
import { createRunner } from '../../src/createRunner.ts'
import { EngineError } from '../../src/EngineError.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import type { RunnerName } from '../../src/Runner.ts'
import { attention } from '../toyNetworks.ts'

try {
  const store = initialiseParameters(attention.spec, 5)
  const runner = await createRunner(attention.network, store, {
    runner: process.argv[2] as RunnerName,
  })
  const { loss, gradient } = await runner.gradient([attention.batch(3)], attention.log)
  const { y } = await runner.forward(attention.batch(2), 'values')
  await runner.close()
  console.log(JSON.stringify({ loss, gradient: [...gradient], y: [...y!.data] }))
} catch (error) {
  if (!(error instanceof EngineError)) throw error
  console.log(JSON.stringify({ error: error.message }))
}
