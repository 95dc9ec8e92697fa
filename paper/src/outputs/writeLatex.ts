import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { rewrite, type Document } from '../syntax.ts'
import type { Files } from './Files.ts'
import { present } from './present.ts'
import type { Typesetter } from './Typesetter.ts'

/** Tables of twelve columns need small letters. */
const PREAMBLE = String.raw`\usepackage{etoolbox}
\ifPDFTeX\DeclareUnicodeCharacter{2212}{\ensuremath{-}}\fi
\AtBeginEnvironment{longtable}{\scriptsize\setlength{\tabcolsep}{3pt}}
\usepackage[labelfont=bf,labelsep=period,justification=raggedright,singlelinecheck=false]{caption}`

/**
 * The paper as LaTeX, with the figures as PDF beside it. The references stand in the file itself: neither BibTeX nor a `.bbl`
 * is needed.
 */
export async function writeLatex(paper: ResolvedPaper, typesetter: Typesetter): Promise<Files> {
  const document = withPdfFigures(present(paper.document, paper.labels, 'latex'))
  const tex = await writeDocument(document, {
    to: 'latex',
    'number-sections': true,
    variables: {
      documentclass: 'article',
      papersize: 'a4',
      fontsize: '10pt',
      geometry: 'margin=2.2cm',
      colorlinks: true,
      'header-includes': PREAMBLE,
    },
  })
  const figures = [...paper.figures].map(
    ([name, svg]) => [`figures/${name}.pdf`, typesetter.figure(svg)] as const,
  )
  return new Map<string, string | Uint8Array>([['paper.tex', tex], ...figures])
}

function withPdfFigures(document: Document): Document {
  return rewrite(document, (node) => {
    if (node.t !== 'Image') return undefined
    const [attribute, alt, [path, title]] = node.c as [unknown, unknown, [string, string]]
    return [{ t: 'Image', c: [attribute, alt, [path.replace(/\.svg$/, '.pdf'), title]] }]
  })
}
