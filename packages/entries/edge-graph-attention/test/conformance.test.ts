import { testModel } from '@couplet/model/conformance'
import { edgeGraphAttention } from '../src/index.ts'

testModel(edgeGraphAttention, { golden: new URL('golden.json', import.meta.url) })
