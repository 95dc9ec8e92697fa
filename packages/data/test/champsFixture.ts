import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Made-up competition files: methane and ammonia with labels, hydrogen cyanide without. */
export function champsFiles(): Record<string, string> {
  const pairs = [
    ['methane', 1, 0, '1JHC'],
    ['methane', 1, 2, '2JHH'],
    ['methane', 1, 3, '2JHH'],
    ['methane', 1, 4, '2JHH'],
    ['methane', 2, 0, '1JHC'],
    ['ammonia', 1, 0, '1JHN'],
    ['ammonia', 1, 2, '2JHH'],
    ['ammonia', 1, 3, '2JHH'],
    ['ammonia', 2, 0, '1JHN'],
  ] as const
  const parts = pairs.map((_, row) => [80.5 + row, 0.25, -1.5e-3, 0.125 * row])
  return {
    'structures.csv': csv(
      'molecule_name,atom_index,atom,x,y,z',
      'methane,0,C,0.0,0,-0',
      'methane,1,H,0.63,0.63,0.63',
      'methane,2,H,-0.63,-0.63,0.63',
      'methane,3,H,-0.63,0.63,-0.63',
      'methane,4,H,0.63,-0.63,-0.63',
      'cyanide,0,C,0,0,0',
      'cyanide,1,N,0,0,1.156',
      'cyanide,2,H,0,0,-1.065',
      'ammonia,0,N,0,0,0.11',
      'ammonia,1,H,0,0.94,-0.26',
      'ammonia,2,H,0.814,-0.47,-0.26',
      'ammonia,3,H,-0.814,-0.47,-0.26',
    ),
    'train.csv': csv(
      'id,molecule_name,atom_index_0,atom_index_1,type,scalar_coupling_constant',
      ...pairs.map(
        (pair, row) => `${row + 3},${pair.join()},${parts[row]!.reduce((sum, part) => sum + part)}`,
      ),
    ),
    'test.csv': csv(
      'id,molecule_name,atom_index_0,atom_index_1,type',
      '51,cyanide,2,1,2JHN',
      '50,cyanide,2,0,1JHC',
    ),
    'scalar_coupling_contributions.csv': csv(
      'molecule_name,atom_index_0,atom_index_1,type,fc,sd,pso,dso',
      ...pairs.slice(0, 6).map((pair, row) => [...pair, ...parts[row]!].join()),
    ),
    'mulliken_charges.csv': csv(
      'molecule_name,atom_index,mulliken_charge',
      'methane,0,-0.5',
      'methane,1,0.125',
      'cyanide,2,0.25',
    ),
    'magnetic_shielding_tensors.csv': csv(
      'molecule_name,atom_index,XX,YX,ZX,XY,YY,ZY,XZ,YZ,ZZ',
      'ammonia,3,1,2,3,4,5,6,7,8,9',
    ),
    'dipole_moments.csv': csv(
      'molecule_name,X,Y,Z',
      'stranger,1,2,3',
      'ammonia,0,0.5,-1.5',
      'cyanide,0,0,3',
    ),
    'potential_energy.csv': csv(
      'molecule_name,potential_energy',
      'methane,-40.25',
      'stranger,-1',
      'another,-2',
    ),
    'train_sources.csv': csv(
      'molecule_name,source,rows,complete',
      'methane,joconnor-ml,5,0',
      'ammonia,praritagarwal,4,1',
    ),
  }
}

const csv = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** A temporary folder with these files, removed when the test ends with what was put beside it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const home = mkdtempSync(join(tmpdir(), 'couplet-data-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const folder = join(home, 'files')
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}
