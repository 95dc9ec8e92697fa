/**
 * `pnpm version-packages`: after changesets has raised versions, every entry.json gets the version of its package, so that results of an
 * older version count as stale.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './runTool.ts'

for (const manifest of globSync('packages/entries/*/package.json', { cwd: ROOT })) {
  const { version } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as { version: string }
  const folder = manifest.replace('package.json', 'src')
  for (const entry of globSync(`${folder}/**/entry.json`, { cwd: ROOT })) {
    const path = join(ROOT, entry)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/"version": "[^"]*"/, `"version": "${version}"`))
  }
}
