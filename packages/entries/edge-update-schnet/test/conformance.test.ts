import { testModel } from '@couplet/model/conformance'
import { edgeUpdateSchnet } from '../src/index.ts'

testModel(edgeUpdateSchnet, { golden: new URL('golden.json', import.meta.url) })
