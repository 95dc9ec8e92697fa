export { boostedTrees, type BoostedTreesConfig } from './boostedTrees.ts'
