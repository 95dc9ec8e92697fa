import { testModel } from '../src/conformance.ts'
import { toyNetwork } from './toyNetwork.ts'

testModel(toyNetwork, { golden: new URL('./toyNetwork.golden.json', import.meta.url) })
