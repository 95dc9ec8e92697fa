import { testModel } from '@couplet/model/conformance'
import { mpnn } from '../src/index.ts'

testModel(mpnn, { golden: new URL('golden.json', import.meta.url) })
