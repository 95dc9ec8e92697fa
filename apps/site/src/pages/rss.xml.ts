import { formatScore } from '@couplet/eval'
import { readStandings } from '../lib/datasets.ts'
import { entryOf } from '../lib/entries.ts'
import { absoluteHref } from '../lib/href.ts'
import { escapeText } from '../lib/markdown.ts'

/** Feed of the results: one item for each that is committed, newest first. */
export async function GET(): Promise<Response> {
  const standings = await readStandings()
  const items = standings
    .flatMap(({ dataset, results }) => results.map((result) => ({ dataset, result })))
    .toSorted((a, b) => (b.result.run.date ?? '').localeCompare(a.result.run.date ?? ''))
    .map(({ dataset, result }) => {
      const { entry, score, interval, run, counts } = result
      const address = absoluteHref(`/entries/${entry.id}/`)
      const date =
        run.date === undefined ? '' : `<pubDate>${new Date(run.date).toUTCString()}</pubDate>`
      const about =
        `Score ${formatScore(score)} (${formatScore(interval.low)} to ${formatScore(interval.high)}) on ${dataset.title}, ` +
        `five folds, ${counts.test.molecules} geometries.`
      return (
        `<item><title>${escapeText(`${entryOf(entry.id)!.name} on ${dataset.title}`)}</title><link>${address}</link>` +
        `<guid isPermaLink="false">${entry.id} ${entry.version} ${result.dataset.sha256.slice(0, 12)}</guid>${date}` +
        `<description>${escapeText(about)}</description></item>`
      )
    })
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Couplet: results</title><link>${absoluteHref('/')}</link>` +
    `<description>Scores of architectures for scalar coupling constants</description>${items.join('')}</channel></rss>\n`
  return new Response(body, { headers: { 'content-type': 'application/rss+xml' } })
}
