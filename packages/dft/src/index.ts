export {
  DFT_DIRECTORY,
  type DftOrigin,
  type DftTorsion,
  readDft,
  readDftOrigins,
} from './readDft.ts'
export { type DftVersion, type FrozenDftVersion, readDftVersion } from './readDftVersion.ts'
