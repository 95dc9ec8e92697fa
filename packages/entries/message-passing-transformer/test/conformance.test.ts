import { testModel } from '@couplet/model/conformance'
import { messagePassingTransformer } from '../src/index.ts'

testModel(messagePassingTransformer, { golden: new URL('golden.json', import.meta.url) })
