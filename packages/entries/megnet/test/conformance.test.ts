import { testModel } from '@couplet/model/conformance'
import { megnet } from '../src/index.ts'

testModel(megnet, { golden: new URL('golden.json', import.meta.url) })
