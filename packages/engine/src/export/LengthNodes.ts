import { bytesOf } from '../lowering/emit.ts'
import type { OnnxNode, OnnxTensor } from '../onnxModel.ts'
import type { LengthExpression } from './lengthExpression.ts'

/** An axis of an input of the graph: where a length can be read at run time. */
export interface LengthSource {
  readonly input: string
  readonly axis: number
}

/** Operators that compute numbers of a graph from the shapes of its inputs. Nothing is computed twice. */
export class LengthNodes {
  /** The operators, in order of execution. */
  readonly nodes: OnnxNode[] = []
  /** Constants that they use. */
  readonly constants: OnnxTensor[] = []
  readonly #sources: ReadonlyMap<string, LengthSource>
  readonly #known = new Map<string, string>()

  /** @param sources where the length of every axis can be read. */
  constructor(sources: ReadonlyMap<string, LengthSource>) {
    this.#sources = sources
  }

  /** Whether all lengths in some rules can be read. */
  canRead(rules: readonly LengthExpression[]): boolean {
    return rules.every((rule) =>
      Object.keys(rule.kind === 'sum' ? rule.factors : rule.powers).every((axis) =>
        this.#sources.has(axis),
      ),
    )
  }

  /** Whether the shape of an input is read. */
  isRead(input: string): boolean {
    return this.nodes.some(({ op, inputs }) => op === 'Shape' && inputs[0] === input)
  }

  /** Computes a tensor, element by element, in place of the constant `tensor`, under its name. */
  replace(tensor: Omit<OnnxTensor, 'bytes'>, elements: readonly LengthExpression[]): void {
    const { name, dtype, shape } = tensor
    const floating = dtype === 'float32'
    const parts = elements.map((rule) => (floating ? this.#float(rule) : this.#integer(rule)))
    let value = parts.length === 1 ? parts[0]! : this.#node('Concat', parts, { axis: 0 })
    if (!floating && dtype !== 'int64') value = this.#node('Cast', [value], { to: 6 })
    const form = this.#constant('int64', shape, [shape.length])
    this.nodes.push({ op: 'Reshape', inputs: [value, form], outputs: [name], attributes: {} })
  }

  /** A rule without division as int64, `[1]`. */
  #integer(rule: LengthExpression): string {
    if (rule.kind === 'sum') {
      const terms = Object.entries(rule.factors).map(([axis, factor]) =>
        this.#times(this.#length(axis), factor),
      )
      if (rule.offset !== 0 || terms.length === 0)
        terms.push(this.#constant('int64', [rule.offset]))
      return terms.reduce((sum, term) => this.#node('Add', [sum, term]))
    }
    return this.#times(this.#power(rule.powers, 1), rule.factor)
  }

  /** A rule as float32, `[1]`. */
  #float(rule: LengthExpression): string {
    if (rule.kind === 'sum') return this.#node('Cast', [this.#integer(rule)], { to: 1 })
    const above = this.#node('Cast', [this.#power(rule.powers, 1)], { to: 1 })
    const scaled = this.#node('Mul', [above, this.#constant('float32', [rule.factor])])
    if (Object.values(rule.powers).every((power) => power > 0)) return scaled
    return this.#node('Div', [
      scaled,
      this.#node('Cast', [this.#power(rule.powers, -1)], { to: 1 }),
    ])
  }

  /** Product of the lengths with powers of one sign. */
  #power(powers: Readonly<Record<string, number>>, sign: 1 | -1): string {
    const factors = Object.entries(powers).flatMap(([axis, power]) =>
      Array.from({ length: Math.max(0, sign * power) }, () => this.#length(axis)),
    )
    if (factors.length === 0) return this.#constant('int64', [1])
    return factors.reduce((product, factor) => this.#node('Mul', [product, factor]))
  }

  #times(value: string, factor: number): string {
    return factor === 1 ? value : this.#node('Mul', [value, this.#constant('int64', [factor])])
  }

  #length(axis: string): string {
    const source = this.#sources.get(axis)!
    return this.#node('Shape', [source.input], { start: source.axis, end: source.axis + 1 })
  }

  #node(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string {
    return this.#once(`${op}(${inputs.join()})${JSON.stringify(attributes)}`, (name) =>
      this.nodes.push({ op, inputs, outputs: [name], attributes }),
    )
  }

  #constant(
    dtype: 'int64' | 'float32',
    values: readonly number[],
    shape: readonly number[] = [values.length],
  ): string {
    return this.#once(`${dtype} ${values.join()} ${shape.join()}`, (name) =>
      this.constants.push({ name, dtype, shape, bytes: bytesOf(values, dtype) }),
    )
  }

  #once(key: string, make: (name: string) => void): string {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const name = `%length ${this.#known.size}`
    this.#known.set(key, name)
    make(name)
    return name
  }
}
