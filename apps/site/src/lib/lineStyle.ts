/** Eight colours that remain apart for colour-blind readers, in light and dark (after Okabe and Ito); marks also differ in dash or symbol. */
const COLOURS = [
  'var(--c0)',
  'var(--c1)',
  'var(--c2)',
  'var(--c3)',
  'var(--c4)',
  'var(--c5)',
  'var(--c6)',
  'var(--c7)',
]

/** Dashes of lines, so that colour is not all that tells them apart. */
const DASHES = ['none', '6 3', '2 3', '8 3 2 3', '10 4', '4 2', '1 2', '12 3 4 3']

/** Colour and dash of the line with this place: no two of the first 64 are alike in both. */
export function lineStyle(place: number): { readonly colour: string; readonly dash: string } {
  const round = Math.floor(place / COLOURS.length)
  return {
    colour: COLOURS[place % COLOURS.length]!,
    dash: DASHES[(place + round) % DASHES.length]!,
  }
}
