import { expect, test } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from '../src/checkpoint.ts'
import { CHECKS, Subject, type CheckName } from '../src/conformance.ts'
import { toyNetwork } from './toyNetwork.ts'

/** The toy with its distances' kernel left at its start, and an array that nothing reads. */
const model: typeof toyNetwork = {
  ...toyNetwork,
  parameters(config, state) {
    const spec = toyNetwork.parameters(config, state)
    return {
      ...spec,
      'distance/kernel': { ...spec['distance/kernel']!, trainable: false },
      idle: { shape: [3], initialiser: { kind: 'normal', deviation: 1 }, trainable: false },
    }
  },
}

test('an interrupted training keeps what is not trained, and goes on from its checkpoint exactly', async () => {
  const subject = new Subject(model)
  const fresh = await subject.trainSteps(0)
  const part = await subject.trainSteps(2)
  const read = parseCheckpoint(formatCheckpoint(part), [model], 'the checkpoint').trained
  expect(read).toEqual(part)
  expect(Object.keys(part.progress.resume!.firstMoments)).toEqual([
    'element/embedding',
    'type/embedding',
    'head/kernel',
    'head/bias',
  ])
  const [whole, resumed] = [await subject.trained(), await subject.train({ resume: read })]
  expect(resumed).toEqual(whole)
  for (const name of ['distance/kernel', 'idle']) {
    expect(whole.weights[name]).toEqual(fresh.weights[name])
  }
  expect(whole.weights['head/kernel']).not.toEqual(fresh.weights['head/kernel'])
  await subject.close()
})

test.each(['gradients', 'compiled', 'exported', 'checkpoint'] satisfies CheckName[])(
  'the suite asks for no gradient of it: %s',
  async (name) => {
    const subject = new Subject(model)
    await expect(CHECKS[name].run(subject, {})).resolves.toBeUndefined()
    await subject.close()
  },
)
