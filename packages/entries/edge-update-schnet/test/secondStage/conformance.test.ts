import { testModel } from '@couplet/model/conformance'
import { edgeUpdateSchnetSecondStage } from '../../src/index.ts'

testModel(edgeUpdateSchnetSecondStage, {
  golden: new URL('golden.json', import.meta.url),
  optOut: {
    exported: 'two stages are five networks, each with batches of its own, and no single graph',
  },
})
