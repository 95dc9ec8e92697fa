import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Root of the project: the nearest folder above the working directory that holds the workspace. */
export const ROOT = findRoot(process.cwd())

/** Where results are: the committed ones, or those in the folder that `COUPLET_SITE_RESULTS` names, to look at some before they are committed. */
export const RESULTS = process.env['COUPLET_SITE_RESULTS'] ?? join(ROOT, 'paper', 'results')

/** Whether the API documentation has been made; it then stands beside the pages. */
export const hasApiDocumentation = existsSync(join(ROOT, 'docs', 'out', 'index.html'))

/** Astro moves modules while it builds, so that their own address does not tell where the project is. */
function findRoot(folder: string): string {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder
  const above = dirname(folder)
  if (above === folder) {
    throw new Error(
      '[site] no pnpm-workspace.yaml above the working directory. Build the site inside a checkout of the project.',
    )
  }
  return findRoot(above)
}
