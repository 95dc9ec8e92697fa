import { testModel } from '@couplet/model/conformance'
import { cormorant } from '../src/index.ts'

testModel(cormorant, { golden: new URL('golden.json', import.meta.url) })
