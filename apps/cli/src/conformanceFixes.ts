/** What to do where a promise of the conformance suite is broken, by the title of its test. A test compares the titles with those of the suite. */
export const CONFORMANCE_FIXES: Readonly<Record<string, string>> = {
  'entry and parameter names follow the schema':
    'Name arrays like block-0/kernel, and mend the fields of src/entry.json that the message names.',
  'configurations and state survive JSON':
    'Keep to numbers, strings, booleans and plain lists in the presets and in what prepare() returns: no Map, NaN or undefined.',
  'one finite value per pair, in order':
    'Return one row for each pair in the order of the table; add a small number before a division, a root or a logarithm.',
  'fits four molecules':
    'Check that targets and predictions are standardised, that every input is read, and the learning rate and epochs of the tiny recipe.',
  'equal seeds, equal weights':
    'Take random numbers from context.random and context.dropout alone, never from Math.random or the clock.',
  'rotation and translation change nothing':
    'Read distances and angles instead of coordinates. An architecture that reads coordinates opts out with a reason (CONTRIBUTING.md).',
  'the order of atoms changes nothing':
    'Treat atoms as a set: sums instead of lists, no feature of an atom index; average both directions of a pair.',
  'batch mates change nothing':
    'Normalise within a molecule, not over the batch, and keep sums and softmaxes to the atoms of one molecule.',
  'padding changes nothing':
    'Point the padding of every index array at the last row (indexArray does), and mask means and softmaxes.',
  'labels of held-out molecules are never read':
    'Leave couplings and contributions alone in featurize() and sizes(): the loss alone sees labels.',
  'predicts molecules of extreme sizes':
    'Allow molecules without bonds, with one pair, and larger than any in training: no division by a count that can be 0.',
  'a checkpoint round trip is exact':
    'Put all that predictions depend on into the configuration, the state (plain JSON) or the arrays of parameters().',
  'a resumed training is exact':
    'Keep nothing between two calls: forward() and featurize() are functions of their arguments alone.',
  'no tensor is leaked':
    'Keep no tensor outside of forward(): no tf.keep, no tensor in a variable of the module.',
  'every parameter gets a gradient':
    'Use the array in forward(), take it out of parameters(), or mark it `trainable: false`.',
  'compiled equals eager':
    'Read no value and branch on no tensor in forward(). If it still differs, report it with the op: it is a defect of the engine.',
  'an exported file predicts the same, for batches of any size':
    'Take lengths from the shapes of features, not from constants, so that one graph serves every size.',
  'the tiny preset keeps its golden values':
    'If the change is meant, raise the version in package.json and src/entry.json and write new values:',
}
