import type { z } from 'zod'
import { EvalError } from './EvalError.ts'

/**
 * Reads a value from the text of a JSON file.
 *
 * @param where the file's path, for errors.
 * @param advice what to do about a file that is wrong, as a sentence.
 * @throws EvalError that names the file, the fields that do not follow the schema and what is wrong with them.
 */
export function parseJson<T>(text: string, schema: z.ZodType<T>, where: string, advice: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new EvalError(`${where} is not JSON (${(error as Error).message}). ${advice}`)
  }
  return checkForm(value, schema, where, advice)
}

/**
 * A value that follows a schema, as the schema returns it.
 * @throws EvalError as {@link parseJson}.
 */
export function checkForm<T>(
  value: unknown,
  schema: z.ZodType<T>,
  where: string,
  advice: string,
): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => {
    return path.length > 0 ? `${path.join('.')}: ${message}` : message
  })
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
  throw new EvalError(`${where}: ${problems.slice(0, 3).join('; ')}${more}. ${advice}`)
}
