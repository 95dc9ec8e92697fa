import { writeAtomically } from '@couplet/data/node'
import { readFileSync } from 'node:fs'
import { EvalError } from '../EvalError.ts'
import { formatStudy, parseStudy, type Study, type StudyName } from './Study.ts'

/**
 * Reads a study's file; undefined where there is none, since a study may not have been made yet.
 *
 * @throws EvalError that names the file, the field and what is wrong with it.
 */
export function readStudy<Name extends StudyName>(
  name: Name,
  path: string,
): Study<Name> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new EvalError(`${path} cannot be read (${message}). Check the file.`)
  }
  return parseStudy(name, text, path)
}

/**
 * Writes a study's file: checked against its schema, rounded, all or nothing.
 *
 * @throws EvalError when the study does not follow its schema, DataError when the file cannot be written.
 */
export async function writeStudy<Name extends StudyName>(
  name: Name,
  path: string,
  study: Study<Name>,
): Promise<void> {
  await writeAtomically(path, [formatStudy(name, study, path)])
}
