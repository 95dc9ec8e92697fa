import { type Molecule, SmilesParser, SSSearcher } from 'openchemlib'

/** A reason not to label a molecule: a group that hardly occurs in real compounds. */
export interface OddGroup {
  /** What it is called. */
  readonly name: string
  /** The group as SMARTS, of the part that openchemlib understands; hydrogen counts are those of the molecule. */
  readonly smarts: string
  /** Why it is left out. */
  readonly reason: string
  /** A molecule that has the group, and one near it that has not; the tests check both. */
  readonly example: string
  readonly spared: string
}

/**
 * Groups that keep a molecule out of the data set, most general first. The rules are about what a chemist can put into a
 * spectrometer: enumerated graphs are full of groups that nobody has made. Neighbouring groups that exist are spared.
 */
export const ODD_GROUPS: readonly OddGroup[] = [
  group('peroxide', '[#8]-[#8]', 'explosive or short-lived', 'COOC', 'COCO'),
  group('nitrogen chain', '[#7]~[#7]~[#7]', 'triazanes and triazenes decompose', 'NNN', 'NNCN'),
  group('oxygen on a hydrazine', '[#8]~[#7]~[#7]', 'nitrosamines and oxides', 'CNNO', 'CNCNO'),
  group('oxygen, nitrogen, oxygen', '[#8]~[#7]~[#8]', 'nitrites', 'CON=O', 'CONC=O'),
  group('nitrogen, oxygen, nitrogen', '[N;A]-[O;A]-[N;A]', 'not made', 'CNONC', 'c1cnon1'),
  group('nitroso', '[#7]=[#8]', 'rearranges to the oxime', 'CN=O', 'CC=NO'),
  group('azo', '[N;A]=[N;A]', 'loses nitrogen', 'CN=NC', 'CC=NN'),
  group('fluorine on a hetero atom', '[F]-[N,O,F]', 'fluorinating agents', 'CNF', 'CCF'),
  group('cyanate', '[N]#[C]-[O,F]', 'trimerises', 'COC#N', 'COCC#N'),
  group(
    'ynol or ynamine',
    '[C]#[C]-[O,N,F]',
    'hydrolysed or rearranged at once',
    'C#CNC',
    'C#CCNC',
  ),
  group('cumulene', '*=*=*', 'reactive, linear centre', 'C=C=C', 'C=CC=C'),
  group('enol', '[C;A]=[C;A]-[O;H1]', 'is the ketone', 'C=CO', 'C=CCO'),
  group('primary or secondary enamine', '[C;A]=[C;A]-[N;!H0]', 'is the imine', 'C=CNC', 'C=CN(C)C'),
  group('imidic acid', '[N;A]=[C;A]-[O;H1]', 'is the amide', 'CC(O)=N', 'CC=NO'),
  group('hemiacetal', '[C;X4](-[O;H1])-[O,N,F]', 'falls apart', 'COCO', 'OCCO'),
  group('hemiaminal', '[C;X4](-[N;!H0])-[O,F]', 'falls apart', 'NCF', 'NCCF'),
  group('geminal diamine', '[C;X4](-[N;H2])-[N]', 'falls apart', 'NCNC', 'C1NCNC1'),
  group('fluoroamine carbon', '[C;X4](-[N])-[F]', 'expels fluoride', 'CN(C)CF', 'CN(C)CCF'),
  group('acyl or imidoyl fluoride', '[C](=[O,N])-[F]', 'hydrolysed at once', 'CC(F)=N', 'CC(=N)CF'),
  group('carbonic or carbamic acid', '[O;H1]-[C](=[O])-[O,N]', 'loses CO2', 'NC(=O)O', 'NCC(=O)O'),
  group('methylene imine', '[C;H2]=[N]', 'trimerises', 'C=NC', 'CC=NC'),
  group('hydroxylamine with hydroxyl', '[O;H1]-[N;X3]', 'disproportionates', 'CNO', 'CNOC'),
  group('double bond in a three-ring', '[*;r3]=@*', 'strained', 'C1=CC1', 'C1CC1'),
  group('double bond at a three-ring', '[#6;r3]=[#6,#7,#8]', 'strained', 'C=C1CC1', 'C=CC1CC1'),
  group('triple bond in a ring', '*#@*', 'strained', 'C1#CCC1', 'C1CC1C#C'),
  group(
    'double bond with a hetero atom in a four-ring',
    '[*;r4]=@[N;r4]',
    'strained',
    'C1=NCC1',
    'C1=NCCC1',
  ),
  group(
    'two hetero atoms in a three-ring',
    '[N,O;r3]-[N,O;r3]',
    'oxidising agents',
    'C1NN1',
    'C1CN1',
  ),
  group(
    'hetero atom on a three-ring nitrogen',
    '[N;r3]-[N,O]',
    'oxidising agents',
    'C1CN1OC',
    'C1CN1C',
  ),
  group('double bond at a bridgehead', '[*;R2]=@*', 'strained', 'C1C2=CC1=C2', 'C1=CC2CC12'),
  group('three-ring in a bicycle', '[*;R2;r3]', 'strained', 'C1CC2CC12', 'C1CC1C1CC1'),
  group('four-ring in a bicycle', '[*;R2;r4]', 'strained', 'C1CC2CCC12', 'C1CC2CCC1CC2'),
  group('spiro three-ring', '[*;R3;r3]', 'strained', 'C1CC11CC1', 'CC1(C)CC1'),
]

function group(
  name: string,
  smarts: string,
  reason: string,
  example: string,
  spared: string,
): OddGroup {
  return { name, smarts, reason, example, spared }
}

const searchers = ODD_GROUPS.map(({ smarts }) => {
  const fragment = new SmilesParser({ smartsMode: 'smarts' }).parseMolecule(smarts)
  fragment.setFragment(true)
  const searcher = new SSSearcher()
  searcher.setFragment(fragment)
  return searcher
})

/** The first of {@link ODD_GROUPS} that a molecule holds; `undefined` if it holds none. */
export function oddGroupOf(molecule: Molecule): OddGroup | undefined {
  return ODD_GROUPS.find((_, index) => {
    searchers[index]!.setMolecule(molecule)
    return searchers[index]!.isFragmentInMolecule()
  })
}
