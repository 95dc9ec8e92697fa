import { describe, expect, it } from 'vitest'
import { resolvePaper, type PaperParts } from '../src/resolvePaper.ts'
import { Source } from '../src/Source.ts'
import { plainText } from '../src/syntax.ts'
import type { Claim } from '../src/Verdict.ts'
import { evidenceOf, REFERENCES, STYLE } from './examples.ts'

/** Whether the entry `good` has the lower score. */
const better: Claim = ({ results }) => {
  const scores = new Map(results.get('couplet-dft')!.map(({ entry, score }) => [entry.id, score]))
  const [good, bad] = [scores.get('good')!, scores.get('bad')!]
  const because = `good scores ${good}, bad ${bad}`
  return { verdict: good === bad ? 'open' : good < bad ? 'holds' : 'fails', because }
}

interface Case extends Partial<Omit<PaperParts, 'evidence' | 'source'>> {
  readonly scores?: Readonly<Record<string, number>>
}

/** The words of the paper that this text becomes. */
async function wordsOf(text: string, { scores, ...parts }: Case = {}): Promise<string> {
  const { document } = await resolvePaper({
    source: new Source('paper.md', text),
    references: text.includes('@karplus1959') ? REFERENCES : '',
    style: await STYLE,
    evidence: await evidenceOf(scores ?? { good: -1, bad: 2 }),
    claims: {},
    makers: { tables: {}, figures: {} },
    ...parts,
  })
  return plainText(document.blocks)
}

describe('numbers', () => {
  it('stand for keys, with a minus sign', async () => {
    expect(await wordsOf('It scores {{couplet-dft.good.score}}.')).toBe('It scores −1.000.')
  })

  it('without a key end the build', async () => {
    await expect(wordsOf('One.\n\nIt scores {{couplet-dft.ugly.score}}.')).rejects.toThrow(
      /paper\.md line 3: there is no number couplet-dft\.ugly\.score\. Keys like it: .*couplet-dft\.good\.score/,
    )
  })

  it.each([
    'It gains 0.3 over it.',
    'A table of 13 entries.',
    'It is 12 % better.',
    'In 2019.5 Hz',
  ])('typed end the build: %s', async (text) => {
    await expect(wordsOf(text)).rejects.toThrow(/paper\.md line 1: the number in .* is typed/)
  })

  it('may be typed in years, formulas, code, names and places of citations', async () => {
    const text = 'In 2019, $x = 3$, `v1`, 3JHH at B3LYP/6-31G(2df,p) [@karplus1959, p. 12].'
    expect(await wordsOf(text)).toContain('In 2019')
  })
})

describe('claims', () => {
  const claims = { better }
  const text = 'First. [Good is better than bad.]{claim=better} [They tie.]{open=better} Last.'

  it('are stated while they hold', async () => {
    expect(await wordsOf(text, { claims })).toBe('First. Good is better than bad. Last.')
  })

  it('give way to the neutral text while they are open', async () => {
    expect(await wordsOf(text, { claims, scores: { good: 1, bad: 1 } })).toBe(
      'First. They tie. Last.',
    )
  })

  it('leave no space before punctuation', async () => {
    const scores = { good: 1, bad: 1 }
    const words = 'They differ [by much]{when=better}, or [little]{claim=better}.'
    expect(await wordsOf(words, { claims, scores })).toBe('They differ, or.')
  })

  it('end the build when they stop being true', async () => {
    await expect(wordsOf(text, { claims, scores: { good: 2, bad: 1 } })).rejects.toThrow(
      /paper\.md line 1: the claim better does not hold any more: good scores 2, bad 1\. Change the sentence/,
    )
  })

  it.each(['It[ leads]{claim=better}.', 'It [leads ]{claim=better}today.'])(
    'do not swallow spaces: %s',
    async (words) => {
      await expect(wordsOf(words, { claims })).rejects.toThrow(
        /paper\.md line 1: the space at an end of .*leads.* would be lost/,
      )
    },
  )

  it('choose sections', async () => {
    const sections = '::: {when=better}\nYes.\n:::\n\n::: {unless=better}\nNo.\n:::\n'
    expect(await wordsOf(sections, { claims })).toBe('Yes.')
    expect(await wordsOf(sections, { claims, scores: { good: 2, bad: 1 } })).toBe('No.')
  })

  it('need a test, and tests a text', async () => {
    await expect(wordsOf(text)).rejects.toThrow(/there is no claim better\. Write its test/)
    await expect(wordsOf('Nothing.', { claims })).rejects.toThrow(/no text states the claim better/)
  })
})

describe('references', () => {
  it('to what nobody wrote end the build', async () => {
    await expect(wordsOf('As @knuth1984 said.')).rejects.toThrow(/knuth1984/)
    await expect(wordsOf('One.', { references: REFERENCES })).rejects.toThrow(
      /references\.bib: nothing cites karplus1959/,
    )
    await expect(wordsOf('See @fig-none.')).rejects.toThrow(/line 1: @fig-none refers to nothing/)
  })

  it('number sections and equations in their order', async () => {
    const text = '# A {#sec-a}\n\n## B {#sec-b}\n\n$$x$$ {#eq-x}\n\nSee @sec-b and @eq-x.'
    expect(await wordsOf(text)).toContain('See Section 1.1 and Equation 1.')
  })

  it('are demanded of every equation', async () => {
    await expect(wordsOf('$$x$$ {#eq-x}')).rejects.toThrow(/no sentence refers to @eq-x/)
    await expect(wordsOf('$$x$$')).rejects.toThrow(/a displayed formula needs an id/)
  })
})

describe('tables and figures', () => {
  const makers = {
    tables: { sums: () => ({ head: ['a', 'b'], rows: [['x', '1']], names: 1 }) },
    figures: { dots: () => '<svg/>', later: () => undefined },
  }
  const table = '::: {#tbl-a table=sums}\nCaption.\n:::\n'
  const figure = '::: {#fig-a figure=dots alt="Dots"}\nCaption.\n:::\n'

  it('stand where their names do', async () => {
    const words = await wordsOf(`${table}\n${figure}\nSee @tbl-a and @fig-a.`, { makers })
    expect(words).toContain('See Table 1 and Figure 1.')
    expect(words).toContain('abx1')
  })

  it('that are never shown end the build', async () => {
    await expect(wordsOf(`${table}\nSee @tbl-a.`, { makers })).rejects.toThrow(
      /the figure dots is made and never shown/,
    )
  })

  it('that nothing makes end the build', async () => {
    const wrong = '::: {#fig-a figure=lines alt="Lines"}\nCaption.\n:::'
    await expect(wordsOf(wrong, { makers })).rejects.toThrow(/nothing makes figure=lines/)
    const early = '::: {#fig-a figure=later alt="Later"}\nCaption.\n:::'
    await expect(wordsOf(early, { makers })).rejects.toThrow(/no result to show for figure=later/)
  })

  it('need words for who cannot see them', async () => {
    const blind = '::: {#fig-a figure=dots}\nCaption.\n:::'
    await expect(wordsOf(blind, { makers })).rejects.toThrow(/needs alt=/)
  })
})
