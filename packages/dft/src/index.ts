export { DFT_DIRECTORY, type DftOrigin, readDft, readDftOrigins } from './readDft.ts'
