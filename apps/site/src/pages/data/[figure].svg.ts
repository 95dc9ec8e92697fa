import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIRoute } from 'astro'
import { ROOT } from '../../lib/project.ts'

const FOLDER = join(ROOT, 'packages', 'dft', 'figures')

/** The figures of the data card. */
export function getStaticPaths() {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.svg'))
    .map((file) => ({ params: { figure: file.replace('.svg', '') } }))
}

/** One figure, as it lies in the package. */
export const GET: APIRoute = ({ params }) =>
  new Response(readFileSync(join(FOLDER, `${params['figure']}.svg`)), {
    headers: { 'content-type': 'image/svg+xml' },
  })
