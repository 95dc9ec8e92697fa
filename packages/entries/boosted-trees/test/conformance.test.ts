import { testModel } from '@couplet/model/conformance'
import { boostedTrees } from '../src/index.ts'

testModel(boostedTrees, { golden: new URL('golden.json', import.meta.url) })
