import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked } from 'marked'
import { ROOT } from './project.ts'

/**
 * A Markdown file of the project as HTML. Wide tables and pictures scroll by themselves, and links to other files of the
 * project, which are not on the site, become their names.
 * @param path relative to the project's root.
 * @param pictures addresses on the site of the pictures that the file shows.
 */
export function renderMarkdown(
  path: string,
  pictures: Readonly<Record<string, string>> = {},
): string {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(/<!--[^]*?-->/g, '')
  let tables = 0
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens)
        return `<h${depth} id="${anchorOf(html)}">${html}</h${depth}>\n`
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens)
        return /^(?:https?:|#)/.test(href) ? `<a href="${href}">${html}</a>` : html
      },
      image({ href, text: alternative }) {
        const source = pictures[href] ?? href
        const label = escapeText(alternative)
        return `<span class="scroll figure" tabindex="0" role="group" aria-label="${label}"><img class="figure" alt="${label}" src="${source}"></span>`
      },
      table(token) {
        const row = (cells: typeof token.header, tag: 'td' | 'th'): string =>
          `<tr>${cells
            .map(({ tokens, align }) => {
              const css = align === 'right' ? ' class="number"' : ''
              return `<${tag}${css}>${this.parser.parseInline(tokens)}</${tag}>`
            })
            .join('')}</tr>`
        tables++
        return (
          `<div class="scroll" tabindex="0" role="region" aria-label="Table ${tables}"><table><thead>${row(token.header, 'th')}</thead>` +
          `<tbody>${token.rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>\n`
        )
      },
      code({ text: code }) {
        return `<pre tabindex="0"><code>${escapeText(code)}</code></pre>\n`
      },
    },
  })
  return marked.parse(text, { async: false })
}

/** Text that stands for itself in HTML. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function anchorOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
