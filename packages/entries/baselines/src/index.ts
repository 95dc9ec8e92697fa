export { karplus, type KarplusConfig } from './karplus/karplus.ts'
export { median, type MedianConfig } from './median/median.ts'
