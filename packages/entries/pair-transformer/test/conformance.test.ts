import { testModel } from '@couplet/model/conformance'
import { pairTransformer } from '../src/index.ts'

testModel(pairTransformer, {
  optOut: {
    motion:
      'The original reads raw coordinates; rotations are learnt from molecules turned at random in every epoch, and hold approximately.',
  },
  golden: new URL('golden.json', import.meta.url),
})
