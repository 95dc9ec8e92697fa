import { PaperError } from './PaperError.ts'

/** The text of the paper, which errors point into. */
export class Source {
  readonly name: string
  readonly text: string

  constructor(name: string, text: string) {
    this.name = name
    this.text = text
  }

  /** An error about the first line that holds `words`: pandoc's tree has no line numbers. */
  error(words: string, message: string): PaperError {
    const at = this.text.indexOf(words)
    const line = at < 0 ? '' : ` line ${this.text.slice(0, at).split('\n').length}`
    return new PaperError(`${this.name}${line}: ${message}`)
  }
}
