import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import satori from 'satori'
import { ROOT } from './project.ts'

const require = createRequire(join(ROOT, 'apps', 'site', 'package.json'))
const font = (weight: 400 | 600, path: string) => ({
  name: 'Inter',
  weight,
  data: readFileSync(path),
})
const FONTS = [
  font(400, require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff')),
  font(600, require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff')),
]

/** Size that previews of links have. */
const [WIDTH, HEIGHT] = [1200, 630]

/** A picture for previews of links, as PNG: a title, a line above it, and one below. */
export async function drawPreview(
  above: string,
  title: string,
  below: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const line = (text: string, style: object) => ({ type: 'div', props: { style, children: text } })
  const svg = await satori(
    {
      type: 'div',
      props: {
        style: {
          display: 'flex',
          flexDirection: 'column',
          justifyContent: 'space-between',
          boxSizing: 'border-box',
          width: WIDTH,
          height: HEIGHT,
          padding: 72,
          background: '#fdfdfb',
          borderTop: '18px solid #1b5699',
          color: '#1b1f24',
          fontFamily: 'Inter',
        },
        children: [
          line(above, { fontSize: 34, color: '#545c68' }),
          line(title, { fontSize: 68, fontWeight: 600, lineHeight: 1.15 }),
          line(below, { fontSize: 32, color: '#545c68', lineHeight: 1.35 }),
        ],
      },
    },
    { width: WIDTH, height: HEIGHT, fonts: FONTS },
  )
  return new Uint8Array(new Resvg(svg).render().asPng())
}
