import type { APIRoute } from 'astro'
import { paperFiles, readPaperFile } from '../../lib/paper.ts'

/** The files of the paper. */
export function getStaticPaths() {
  return paperFiles().map(({ name }) => ({ params: { file: name } }))
}

/** One file, as it was built. */
export const GET: APIRoute = ({ params }) => new Response(readPaperFile(params['file']!))
