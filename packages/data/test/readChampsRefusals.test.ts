import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import { readChamps } from '../src/node.ts'
import { champsFiles, folderOf } from './champsFixture.ts'

describe('readChamps refuses', () => {
  /** What is done to the good files, and the error that follows. */
  const cases: [string, (files: Record<string, string>) => unknown, string][] = [
    [
      'no structures.csv',
      (files) => delete files['structures.csv'],
      'has no structures.csv. Give the folder',
    ],
    [
      'a missing column',
      edit('train.csv', 'atom_index_1', 'atom'),
      'train.csv line 1 has no column atom_index_1',
    ],
    [
      'a column twice',
      edit('structures.csv', 'x,y,z', 'x,y,z,x'),
      'structures.csv line 1 has 2 columns x',
    ],
    [
      'a field too few',
      edit('train.csv', '5,methane,1,3,', '5,methane,1,'),
      'train.csv line 4 has 5 fields, but the header has 6',
    ],
    [
      'a field too many',
      edit('structures.csv', 'methane,1,H,', 'methane,1,H,,'),
      'structures.csv line 3 has 7 fields, but the header has 6',
    ],
    [
      'an empty line',
      edit('structures.csv', 'methane,2', '\nmethane,2'),
      'structures.csv line 4 is empty',
    ],
    [
      'an index beyond the molecule',
      edit('train.csv', '4,methane,1,2', '4,methane,1,31'),
      'train.csv line 3: atom_index_1 is 31, but methane has 5 atoms. Check that structures.csv',
    ],
    [
      'an index beyond the molecule in a table of atoms',
      edit('mulliken_charges.csv', 'methane,1', 'methane,5'),
      'mulliken_charges.csv line 3: atom_index is 5, but methane has 5 atoms',
    ],
    [
      'a negative index',
      edit('train.csv', '4,methane,1,2', '4,methane,-1,2'),
      'train.csv line 3: atom_index_0 is "-1", which is not a whole number',
    ],
    [
      'an index with a decimal point',
      edit('structures.csv', 'methane,1,', 'methane,1.0,'),
      'structures.csv line 3: atom_index is "1.0", which is not a whole number',
    ],
    [
      'an id beyond 32 bits',
      edit('test.csv', '51,', '4294967296,'),
      'test.csv line 2: id is "4294967296", which is not a whole number',
    ],
    [
      'an unknown element',
      edit('structures.csv', 'cyanide,1,N', 'cyanide,1,Cl'),
      'structures.csv line 8: atom is "Cl". Use molecules of H, C, N, O and F',
    ],
    [
      'an element in small letters',
      edit('structures.csv', 'cyanide,1,N', 'cyanide,1,n'),
      'structures.csv line 8: atom is "n"',
    ],
    [
      'an id twice',
      edit('train.csv', '5,methane', '3,methane'),
      'train.csv line 4: the id 3 was given before',
    ],
    [
      'an id in train.csv and test.csv',
      edit('test.csv', '50,', '4,'),
      'test.csv line 3: the id 4 was given before',
    ],
    [
      'a molecule in train.csv and test.csv',
      edit('test.csv', '50,cyanide,2,0,1JHC', '50,methane,3,0,1JHC'),
      'test.csv line 3: methane has rows in train.csv too',
    ],
    [
      'a pair twice',
      edit('train.csv', '5,methane,1,3', '5,methane,1,2'),
      'train.csv line 4: the pair of atoms 1 and 2 of methane was given before',
    ],
    [
      'a pair in both directions',
      edit('train.csv', '5,methane,1,3', '5,methane,2,1'),
      'train.csv line 4: the pair of atoms 2 and 1 of methane was given before',
    ],
    [
      'an atom twice',
      edit('structures.csv', 'methane,2', 'methane,1'),
      'structures.csv line 4: atom 1 of methane was given before',
    ],
    [
      'a gap in the atom indices',
      edit('structures.csv', 'methane,4', 'methane,5'),
      'structures.csv line 6: atom_index is 5, but methane has 5 rows, so its indices are 0 to 4',
    ],
    [
      'an atom twice in a table of atoms',
      edit('mulliken_charges.csv', 'methane,1', 'methane,0'),
      'mulliken_charges.csv line 3: atom 0 of methane was given before',
    ],
    [
      'a molecule twice in a table of molecules',
      edit('potential_energy.csv', 'another', 'stranger'),
      'potential_energy.csv line 4: stranger was given before',
    ],
    [
      'a contribution twice',
      edit('scalar_coupling_contributions.csv', 'methane,1,3', 'methane,1,2'),
      'scalar_coupling_contributions.csv line 4: the pair of atoms 1 and 2 of methane was given before',
    ],
    [
      'a contribution of a pair without a label',
      edit('scalar_coupling_contributions.csv', 'methane,1,3', 'methane,2,3'),
      'line 4: the pair of atoms 2 and 3 of methane has no row in train.csv',
    ],
    [
      'a contribution of another type than its label',
      edit('scalar_coupling_contributions.csv', 'methane,1,3,2JHH', 'methane,1,3,3JHH'),
      'line 4: the pair of atoms 1 and 3 of methane is 3JHH, but 2JHH in train.csv',
    ],
    [
      'an unknown type',
      edit('train.csv', '1JHN', '4JHN'),
      'train.csv line 7: type is "4JHN". Use one of 1JHC,',
    ],
    [
      'a type of other elements',
      edit('train.csv', 'ammonia,1,0,1JHN', 'ammonia,1,0,1JHC'),
      'train.csv line 7: type is 1JHC, but atoms 1 and 0 of ammonia are H and N',
    ],
    [
      'the hydrogen in second place',
      edit('train.csv', 'ammonia,1,0,', 'ammonia,0,1,'),
      'train.csv line 7: type is 1JHN, but atoms 0 and 1 of ammonia are N and H',
    ],
    [
      'an atom coupled to itself',
      edit('train.csv', 'methane,1,2,', 'methane,1,1,'),
      'train.csv line 3: both atoms are 1',
    ],
    [
      'a label without a structure',
      edit('train.csv', '9,ammonia', '9,ammonia2'),
      'train.csv line 8: structures.csv has no molecule "ammonia2". Check',
    ],
    [
      'a contribution without a structure',
      edit('scalar_coupling_contributions.csv', 'ammonia', 'amnesia'),
      'scalar_coupling_contributions.csv line 7: structures.csv has no molecule "amnesia"',
    ],
    [
      'an atom without a structure',
      edit('mulliken_charges.csv', 'cyanide', 'cyanate'),
      'mulliken_charges.csv line 4: structures.csv has no molecule "cyanate"',
    ],
    [
      'two atoms in one place',
      edit('structures.csv', 'methane,2,H,-0.63,-0.63,0.63', 'methane,2,H,0.63,0.63,0.63'),
      'methane: atoms 1 and 2 are 0.000 angstrom apart',
    ],
    [
      'a file that is cut short inside a line',
      (files) => (files['train.csv'] = files['train.csv']!.slice(0, -20)),
      'train.csv line 10 has no line end: the file is cut short',
    ],
    [
      'a file that is cut short inside a number',
      (files) => (files['train.csv'] = files['train.csv']!.slice(0, -3)),
      'train.csv line 10 has no line end: the file is cut short',
    ],
    [
      'a short last line',
      (files) => (files['train.csv'] += '12,ammonia,2\n'),
      'train.csv line 11 has 3 fields, but the header has 6',
    ],
    ['an empty file', (files) => (files['train.csv'] = ''), 'train.csv is empty'],
    ['only a mark', (files) => (files['train.csv'] = '\uFEFF'), 'train.csv is empty'],
    [
      'a header without rows',
      (files) => (files['train.csv'] = `${files['train.csv']!.split('\n')[0]}\n`),
      'train.csv has a header but no rows',
    ],
    [
      'a header without line end',
      (files) => (files['train.csv'] = 'id'),
      'train.csv line 1 has no line end',
    ],
    [
      'quotes',
      edit('train.csv', '9,ammonia', '9,"ammonia"'),
      'train.csv line 8 has a quotation mark. Save the file without quotes',
    ],
    [
      'a lone carriage return',
      edit('train.csv', '9,ammonia', '9\r,ammonia'),
      'train.csv line 8 has a carriage return inside',
    ],
    [
      'one CRLF among LF',
      edit('train.csv', '\n9,', '\r\n9,'),
      'train.csv line 7 ends in CRLF, but line 1 in LF',
    ],
    [
      'one LF among CRLF',
      (files) => {
        files['train.csv'] = files['train.csv']!.replaceAll('\n', '\r\n').replace('\r\n9,', '\n9,')
      },
      'train.csv line 7 ends in LF, but line 1 in CRLF',
    ],
    [
      'a name with a space',
      edit('structures.csv', 'cyanide,0', 'cya nide,0'),
      'structures.csv line 7: molecule_name is "cya nide", which is not a name',
    ],
    [
      'a name that would move the cursor',
      edit('structures.csv', 'cyanide,0', '\u001B[2Jcyanide,0'),
      String.raw`structures.csv line 7: molecule_name is "\u001b[2Jcyanide", which is not a name`,
    ],
    [
      'no name',
      edit('train.csv', '9,ammonia', '9,'),
      'train.csv line 8: molecule_name is "", which is not a name',
    ],
    ...[
      '',
      'nan',
      'NaN',
      'inf',
      '-inf',
      '0x10',
      '1.5abc',
      '1 ',
      '1_000',
      '1e999',
      '--1',
      '.',
      'e5',
    ].map((value): (typeof cases)[number] => [
      `the coupling '${value}'`,
      edit('train.csv', '1JHN,86.3735', `1JHN,${value}`),
      `train.csv line 7: scalar_coupling_constant is "${value}", which is not a finite decimal number`,
    ]),
  ]

  it.each(cases)('%s', async (_, spoil, message) => {
    const files = champsFiles()
    spoil(files)
    const folder = folderOf(files)
    const cacheDirectory = join(dirname(folder), 'cache')
    const error: unknown = await readChamps(folder, { part: 'all', cacheDirectory }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(DataError)
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toContain('\n')
    expect(existsSync(cacheDirectory)).toBe(false)
  })
})

describe('readChamps refuses folders', () => {
  it('that are missing, or files', async () => {
    const folder = folderOf(champsFiles())
    expect(await messageOf(join(folder, 'none'))).toContain('none does not exist. Check the path.')
    expect(await messageOf(join(folder, 'train.csv'))).toContain('train.csv is not a folder.')
  })

  it('where a file is a folder', async () => {
    const folder = folderOf(champsFiles())
    rmSync(join(folder, 'train.csv'))
    mkdirSync(join(folder, 'train.csv'))
    expect(await messageOf(folder)).toContain('train.csv is not a file.')
  })

  it('without the files for what is asked', async () => {
    const { 'test.csv': _, 'train_sources.csv': __, ...files } = champsFiles()
    const folder = folderOf(files)
    expect(await messageOf(folder, { part: 'test' })).toContain('test.csv is missing, but')
    expect(await messageOf(folder, { sample: true })).toContain('train_sources.csv is missing')
    expect(await messageOf(folder, { sample: true, part: 'all' })).toContain(
      'The sample is one of train.csv.',
    )
  })

  it('whose sample is empty', async () => {
    const files = champsFiles()
    files['train_sources.csv'] = files['train_sources.csv']!.replace('praritagarwal', 'nobody')
    expect(await messageOf(folderOf(files), { sample: true })).toContain(
      'train_sources.csv: none of the sampled molecules has rows',
    )
  })
})

async function messageOf(...args: Parameters<typeof readChamps>): Promise<string> {
  const error: unknown = await readChamps(...args).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  return (error as Error).message
}

function edit(file: string, from: string, to: string): (files: Record<string, string>) => void {
  return (files) => {
    const text = files[file]!
    expect(text).toContain(from)
    files[file] = text.replace(from, to)
  }
}
