import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const guide = new URL('../../../docs/guides/write-a-model.md', import.meta.url)

test('the program of the guide runs, learns the spirals and prints what the guide says', async () => {
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/```ts\n([^]*?)```/g)]
  expect(blocks.length).toBeGreaterThan(7)
  // Beside this file, so that the names of packages resolve as in a program that depends on them.
  const folder = await mkdtemp(fileURLToPath(new URL('guide-', import.meta.url)))
  try {
    await writeFile(join(folder, 'spirals.ts'), blocks.map(([, block]) => block).join('\n'))
    const { stdout } = await promisify(execFile)(process.execPath, ['spirals.ts'], { cwd: folder })
    const lines = stdout.trim().split('\n')
    expect(lines[0]).toMatch(/^runs on \S+: .+/)
    const entropies = lines.slice(1, 5).map((line, index) => {
      const [, entropy] =
        new RegExp(`^step ${index + 1}00: cross-entropy ([\\d.]+), \\d+ wrong$`).exec(line) ?? []
      return Number(entropy)
    })
    expect(entropies[0]).toBeLessThan(0.7) // what guessing gives is ln 2
    expect(entropies[3]).toBeLessThan(0.05)
    expect(lines[5]).toMatch(/^compiled \d+ graphs$/)
    expect(Number(/^\d+/.exec(lines[6]!))).toBeGreaterThanOrEqual(190)
    expect(lines[7]).toBe('tfjs-cpu agrees: true')
    expect(lines[8]).toMatch(/^\[@couplet\/engine\] .*reads .* while the graph is being compiled/)
    expect(lines).toHaveLength(9)
  } finally {
    await rm(folder, { recursive: true })
  }
})
