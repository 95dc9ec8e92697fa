import { parseHTML } from 'linkedom'
import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { present } from './present.ts'

/**
 * The paper as one HTML file: formulas as MathML, figures inside, no script. What stands in `<article id="paper">` can be put
 * into another page.
 * @param template pandoc's template of the page.
 */
export async function writeHtml(paper: ResolvedPaper, template: string): Promise<string> {
  const options = {
    to: 'html5',
    template: 'page.html',
    'html-math-method': { method: 'mathml' },
    'number-sections': true,
    'shift-heading-level-by': 1,
  }
  const html = await writeDocument(present(paper.document, paper.labels, 'html'), options, {
    'page.html': template,
  })
  const { document } = parseHTML(html)
  for (const image of document.querySelectorAll('img')) {
    const name = /^figures\/(.*)\.svg$/.exec(image.getAttribute('src') ?? '')![1]!
    const frame = document.createElement('div')
    frame.innerHTML = paper.figures.get(name)!
    const svg = frame.querySelector('svg')!
    svg.setAttribute('role', 'img')
    svg.setAttribute('aria-label', image.getAttribute('alt') ?? '')
    image.replaceWith(svg)
  }
  // A wide table scrolls by itself, with the keyboard too.
  for (const table of document.querySelectorAll('table')) {
    const frame = document.createElement('div')
    frame.className = 'table'
    frame.setAttribute('tabindex', '0')
    frame.setAttribute('role', 'region')
    frame.setAttribute('aria-label', table.querySelector('caption strong')?.textContent ?? 'Table')
    table.replaceWith(frame)
    frame.append(table)
  }
  return `<!doctype html>\n${document.documentElement.outerHTML}\n`
}
