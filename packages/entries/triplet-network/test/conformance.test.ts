import { testModel } from '@couplet/model/conformance'
import { tripletNetwork } from '../src/index.ts'

testModel(tripletNetwork, { golden: new URL('golden.json', import.meta.url) })
