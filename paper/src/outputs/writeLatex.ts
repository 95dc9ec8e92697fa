import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { rewrite, type Document } from '../syntax.ts'
import type { Files } from './Files.ts'
import { present } from './present.ts'
import type { Typesetter } from './Typesetter.ts'

/** Tables of twelve columns need small letters, and figures stand where the text has them: floats drift past tables that break over pages. */
const PREAMBLE = String.raw`\usepackage{etoolbox}
\usepackage{float}
\floatplacement{figure}{H}
\ifPDFTeX\DeclareUnicodeCharacter{2212}{\ensuremath{-}}\fi
\AtBeginEnvironment{longtable}{\scriptsize\setlength{\tabcolsep}{2.8pt}}
\usepackage[labelfont=bf,labelsep=period,justification=raggedright,singlelinecheck=false]{caption}`

/**
 * The paper as LaTeX, with the figures as PDF beside it. The references stand in the file itself: neither BibTeX nor a `.bbl`
 * is needed.
 */
export async function writeLatex(paper: ResolvedPaper, typesetter: Typesetter): Promise<Files> {
  const document = withBrokenIds(withPdfFigures(present(paper.document, paper.labels, 'latex')))
  const tex = await writeDocument(document, {
    to: 'latex',
    'number-sections': true,
    variables: {
      documentclass: 'article',
      papersize: 'a4',
      fontsize: '10pt',
      geometry: 'margin=2cm',
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

/** Lets names like `edge-update-schnet` break after their hyphens, which fixed-width letters do not: columns of tables are narrow. */
function withBrokenIds(document: Document): Document {
  return rewrite(document, (node) => {
    if (node.t !== 'Code') return undefined
    const [, id] = node.c as [unknown, string]
    if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)) return undefined
    return [{ t: 'RawInline', c: ['latex', `\\texttt{${id.replaceAll('-', '-\\allowbreak{}')}}`] }]
  })
}
