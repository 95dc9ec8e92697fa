export { LABEL_PROGRAM } from './labelProgram.ts'
