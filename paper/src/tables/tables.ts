import type { Evidence } from '../Evidence.ts'
import { architectures, credit, data } from './descriptions.ts'
import { history } from './history.ts'
import type { PaperTable } from './PaperTable.ts'
import { scores } from './scores.ts'
import {
  cost,
  ensembles,
  ensemblesOfSample,
  ranks,
  ranksOfSample,
  slices,
  swaps,
  transfer,
  weights,
} from './studies.ts'

/** Makes a table of the evidence; undefined where what it is about has not been run. */
export type TableMaker = (evidence: Evidence) => PaperTable | undefined

/** Tables by name. */
export const TABLES: Readonly<Record<string, TableMaker>> = {
  data,
  architectures,
  'scores-couplet-dft': scores('couplet-dft'),
  'scores-champs-sample': scores('champs-sample'),
  ranks,
  'ranks-of-sample': ranksOfSample,
  ensembles,
  'ensembles-of-sample': ensemblesOfSample,
  weights,
  slices,
  swaps,
  transfer,
  cost,
  history,
  credit,
}
