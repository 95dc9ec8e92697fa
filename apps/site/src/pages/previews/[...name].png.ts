import type { APIRoute } from 'astro'
import { drawPreview } from '../../lib/drawPreview.ts'
import { readEntries } from '../../lib/entries.ts'
import { ordinal } from '../../lib/numbers.ts'

/** One picture for the site, and one for each entry. */
export function getStaticPaths() {
  const entries = readEntries()
  return [
    {
      params: { name: 'site' },
      props: {
        above: 'Couplet',
        title: 'Which architecture predicts scalar couplings best?',
        below: `${entries.length} architectures, most after the top teams of the 2019 CHAMPS competition, compared alike`,
      },
    },
    ...entries.map(({ id, name, summary, originator: { team, rank } }) => ({
      params: { name: `entries/${id}` },
      props: {
        above:
          rank === null
            ? `Couplet · after ${team}`
            : `Couplet · after ${team}, ${ordinal(rank)} in 2019`,
        title: name,
        below: summary,
      },
    })),
  ]
}

/** The picture, as PNG. */
export const GET: APIRoute<{ above: string; title: string; below: string }> = async ({ props }) =>
  new Response(await drawPreview(props.above, props.title, props.below))
