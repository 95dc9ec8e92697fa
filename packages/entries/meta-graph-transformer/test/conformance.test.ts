import { testModel } from '@couplet/model/conformance'
import { metaGraphTransformer } from '../src/index.ts'

testModel(metaGraphTransformer, { golden: new URL('golden.json', import.meta.url) })
