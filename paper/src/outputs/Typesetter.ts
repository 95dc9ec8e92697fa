import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PaperError } from '../PaperError.ts'

/** Fonts of the figures; the compiler brings those of the text. */
const FONTS = dirname(
  fileURLToPath(import.meta.resolve('@expo-google-fonts/source-sans-3/package.json')),
)

/** Root of what the compiler sees; figures are put there in memory alone. */
const WORKSPACE = import.meta.dirname

/** Sets Typst as PDF, in memory. */
export class Typesetter {
  readonly #compiler: NodeCompiler

  constructor() {
    const fontPaths = ['400Regular', '600SemiBold'].map((weight) => join(FONTS, weight))
    this.#compiler = NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontPaths }] })
  }

  /**
   * Sets a document.
   * @param figures SVG by name, which it may read as `figures/<name>.svg`.
   * @returns the PDF, and its number of pages.
   * @throws PaperError with what the compiler says.
   */
  document(
    typst: string,
    figures: ReadonlyMap<string, string>,
  ): { readonly pdf: Uint8Array; readonly pages: number } {
    this.#compiler.resetShadow()
    for (const [name, svg] of figures) {
      this.#compiler.mapShadow(join(WORKSPACE, 'figures', `${name}.svg`), Buffer.from(svg))
    }
    const result = this.#compiler.compile({ mainFileContent: typst })
    const document = result.result
    if (!document) {
      const error = result.takeDiagnostics()
      const problems = error ? this.#compiler.fetchDiagnostics(error) : []
      throw new PaperError(`typst: ${JSON.stringify(problems)}`)
    }
    // Equal input gives equal files.
    const pdf = this.#compiler.pdf(document, { creationTimestamp: 0 })
    return { pdf, pages: document.numOfPages }
  }

  /** A figure as PDF of its own size. */
  figure(svg: string): Uint8Array {
    const page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("figures/figure.svg")'
    return this.document(page, new Map([['figure', svg]])).pdf
  }
}
