import { NO_RESULTS } from './report/entryReadmes.ts'

/**
 * The README of a new entry, with all sections that `couplet check` asks for.
 * @param id name of the entry.
 * @param name its name as a variable.
 * @param template the entry that it is a copy of.
 * @param links of the template's originators.
 */
export function newReadme(
  id: string,
  name: string,
  template: string,
  links: readonly string[],
): string {
  return `# @couplet/${id}

A copy of \`@couplet/${template}\` to start from: say here in three sentences what the network does.

\`\`\`sh
# not on the npm registry yet: "Without the registry" in the README of the project packs it from a checkout
npm install @couplet/${id} @couplet/model @couplet/data @tensorflow/tfjs
\`\`\`

\`\`\`ts
import { ${name} } from '@couplet/${id}'
import { fit, predict, presetConfig } from '@couplet/model'

const trained = await fit(${name}, train, { config: presetConfig(${name}, 'small') })
const couplings = await predict(trained, molecules) // hertz, one value for each pair
\`\`\`

\`train\` and \`molecules\` are \`MoleculeTable\`s of \`@couplet/data\`. Trained weights are not in the package.

## Results

<!-- results:begin -->

${NO_RESULTS}

<!-- results:end -->

## Credit

Idea: that of \`@couplet/${template}\`, until the network is another: ${links.join(', ')}. Name who had the idea, with a link, and what to cite.

Licence of the original: none stated; re-implemented from the equations, no code copied. This package is an independent re-implementation, MIT, by the Couplet
contributors; it has not been reviewed by the originators, and its results are no statement about their solution.

## Fidelity

Take every part of the description to the place in \`src/network.ts\` that computes it and to the test that covers it.

## Deviations from the original

- It is still the network of ${template}, from which it was copied.
`
}
