"""The same couplings by NWChem, as a second implementation."""
import re
import subprocess
import tempfile

from basis import nwchem_text
from geometry import xyz_text

# NWChem's hnd_spinspin.F has a typing error in the speed of light, 2.99782458e8 m/s; couplings go with its power -4.
SPEED_OF_LIGHT = (2.99782458 / 2.99792458) ** 4
# The labels have an electron g factor of 2 in the two spin terms.
ELECTRON_G = (2 / 2.0023193043718) ** 2
# NWChem's names of the parts, in its order, and what puts them right. The cross term of the first two averages out.
PARTS = {
    'Fermi Contact (FC)': SPEED_OF_LIGHT * ELECTRON_G,
    'Spin-Dipole   (SD)': SPEED_OF_LIGHT * ELECTRON_G,
    'Paramagnetic Spin-Orbit': SPEED_OF_LIGHT,
    'Diamagnetic Spin-Orbit': SPEED_OF_LIGHT,
}


class NwchemError(Exception):
    """NWChem gave no couplings; says why."""


def deck(elements, positions, pairs):
    """Input of NWChem. An open-shell reference (odft) is needed: with a closed-shell one it computes no couplings, silently."""
    atoms = '\n'.join(xyz_text(elements, positions).split('\n')[2:-1])
    listed = ' '.join(f'{i + 1} {j + 1}' for i, j in pairs)
    return f'''start molecule
memory total 2000 mb
geometry units angstroms noautoz noautosym nocenter noprint
{atoms}
end
basis "ao basis" spherical noprint
{nwchem_text(elements)}end
dft
 xc b3lyp
 odft
 mult 1
 grid fine
 convergence energy 1e-8 density 1e-7 gradient 1e-6
 iterations 100
 noprint "final vectors analysis"
end
property
 spinspin {len(pairs)} {listed}
end
task dft property
'''


def couplings(elements, positions, pairs):
    """[[fc, sd, pso, dso], ...] of the pairs in hertz, with NWChem's two constants put right."""
    with tempfile.TemporaryDirectory(dir='.') as folder:
        with open(f'{folder}/molecule.nw', 'w') as file:
            file.write(deck(elements, positions, pairs))
        command = ['mpirun', '--allow-run-as-root', '-np', '1', 'nwchem.openmpi', 'molecule.nw']
        try:
            done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, encoding='utf-8', errors='replace', check=False)
        except FileNotFoundError as error:
            raise NwchemError('NWChem is not installed: sudo apt-get install nwchem-openmpi') from error
    found = parse(done.stdout)
    # NWChem ends with exit code 0 also when it refuses.
    missing = [pair for pair in pairs if pair not in found]
    if missing:
        raise NwchemError(f'NWChem gave no coupling of atoms {missing[0][0]} and {missing[0][1]}')
    return [found[pair] for pair in pairs]


def parse(output):
    """Couplings in an output of NWChem: {(i, j): [fc, sd, pso, dso]}, atoms counted from 0."""
    result = {}
    pair = part = None
    values = {}
    for line in output.split('\n'):
        atoms = re.match(r'\s+Atom\s+(\d+):\s+\d+-\s*\w+\s+and Atom\s+(\d+):\s+\d+-\s*\w+', line)
        if atoms:
            pair, values = (int(atoms[1]) - 1, int(atoms[2]) - 1), {}
        elif pair is None:
            continue
        elif 'Cross Term' in line:
            part = None
        elif 'Isotropic =' in line and part:
            values[part] = float(line.split()[-1]) * PARTS[part]
            part = None
        elif 'Isotropic Spin-Spin' in line:
            if len(values) == len(PARTS):
                result[pair] = [values[name] for name in PARTS]
            pair = None
        else:
            part = next((name for name in PARTS if name in line), part)
    return result
