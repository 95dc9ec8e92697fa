export {
  DFT_DIRECTORY,
  type DftOrigin,
  type DftTorsion,
  readDft,
  readDftOrigins,
} from './readDft.ts'
