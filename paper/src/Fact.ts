import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { PaperError } from './PaperError.ts'

const factsSchema = z.record(
  z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
  z.strictObject({
    /** As it is printed. */
    value: z.string().min(1).max(60),
    /** Key of the reference that it was read in. */
    source: z.string().min(1),
  }),
)

/** What others published and the paper repeats: `{{fact.<key>}}`. */
export type Facts = Readonly<z.infer<typeof factsSchema>>

/**
 * Reads facts.json.
 * @throws PaperError that names what is wrong with it.
 */
export async function readFacts(path: string): Promise<Facts> {
  try {
    return factsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new PaperError(
      `${path}: ${what}. A fact is {"value": "as printed", "source": "bib key"}.`,
    )
  }
}
