import { fileURLToPath } from 'node:url'

/** Path of the Python program that does one step of one molecule; `label.py` describes its jobs and results. */
export const LABEL_PROGRAM: string = fileURLToPath(new URL('../python/label.py', import.meta.url))
