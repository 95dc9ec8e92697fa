"""The Kohn-Sham ground state by Psi4: set-up, molecule, grid blocks."""
import os
import sys

for variable in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ.setdefault(variable, '1')
# Debian puts Psi4's module beside its library, where Python does not look.
sys.path.append('/usr/lib/x86_64-linux-gnu')

import numpy as np
import psi4

import basis as basis_set

FUNCTIONAL = 'b3lyp'
FITTING_BASIS = 'cc-pvtz-jkfit'
# Radial by angular points of the integration grids.
GROUND_STATE_GRID = (50, 194)
KERNEL_GRID = (50, 110)
GRADIENT_GRID = (35, 110)

# Psi4 (1.3) estimates the memory of its density fitting, gives all that is left to the functional, and then refuses some molecules of 17
# atoms and more because the estimate was a per cent too low.
memory_estimate = psi4.core.JK.memory_estimate
psi4.core.JK.memory_estimate = lambda fitting: int(1.1 * memory_estimate(fitting))


def prepare(elements, memory_mb, grid=GROUND_STATE_GRID, energy=1e-8, density=1e-7):
    """Sets the options of Psi4 for a closed-shell calculation on one thread."""
    core = psi4.core
    core.set_num_threads(1, quiet=True)
    core.clean()
    core.clean_options()
    core.set_output_file(os.devnull, False)
    core.set_memory_bytes(memory_mb * 1_000_000, True)
    text = basis_set.psi4_text(elements)

    def specify(molecule, role):
        molecule.set_basis_all_atoms('label-basis', role=role)
        return {'label-basis': text}

    psi4.qcdb.libmintsbasisset.basishorde['LABELBASIS'] = specify
    psi4.set_options({
        'basis': 'labelbasis', 'scf_type': 'mem_df', 'df_basis_scf': FITTING_BASIS, 'reference': 'rks',
        'e_convergence': energy, 'd_convergence': density, 'maxiter': 150, 'guess': 'sad', 'df_scf_guess': False,
        'save_jk': True,
    })
    set_grid(grid)


def set_grid(grid):
    """Sets the grid of what is built next: (radial points, angular points)."""
    psi4.set_options({'dft_radial_points': grid[0], 'dft_spherical_points': grid[1]})


def make_molecule(elements, positions):
    """A neutral closed-shell molecule in exactly this frame; positions in angstrom, [atoms, 3]."""
    lines = [f'{element} {x:.10f} {y:.10f} {z:.10f}' for element, (x, y, z) in zip(elements, positions)]
    return psi4.geometry('\n'.join(['0 1', *lines, 'units angstrom', 'symmetry c1', 'no_reorient', 'no_com', '']))


def grid_blocks(potential):
    """Yields the blocks of a grid: (points [p, 3] in bohr, weights [p], functions that are not zero there [l], values and
    gradients of these functions [4, p, l])."""
    functions = potential.properties()[0]
    functions.set_ansatz(1)
    for index in range(potential.nblocks()):
        block = potential.get_block(index)
        functions.compute_functions(block)
        count = block.npoints()
        local = np.array(block.functions_local_to_global())
        values = functions.basis_values()
        stacked = np.stack([values[key].np[:count, :len(local)] for key in ('PHI', 'PHI_X', 'PHI_Y', 'PHI_Z')])
        points = np.stack([axis.np[:count] for axis in (block.x(), block.y(), block.z())], 1)
        yield points, block.w().np[:count].copy(), local, stacked


def values_at(basis, points):
    """Values of the pure basis functions at points in bohr, [points, functions], in Psi4's order."""
    values = np.zeros((len(points), basis.nbf()))
    molecule = basis.molecule()
    for index in range(basis.nshell()):
        shell = basis.shell(index)
        center = [axis(shell.ncenter) for axis in (molecule.x, molecule.y, molecule.z)]
        x, y, z = (points - center).T
        square = x * x + y * y + z * z
        radial = sum(shell.coef(k) * np.exp(-shell.exp(k) * square) for k in range(shell.nprimitive))
        for k, angular in enumerate(solid_harmonics(shell.am, x, y, z, square)):
            values[:, shell.function_index + k] = radial * angular
    return values


def solid_harmonics(momentum, x, y, z, square):
    """Real solid harmonics in Psi4's order: m = 0, 1, -1, 2, -2, ..."""
    if momentum == 0:
        return [np.ones_like(x)]
    if momentum == 1:
        return [z, x, y]
    root = np.sqrt
    if momentum == 2:
        return [(3 * z * z - square) / 2, root(3) * x * z, root(3) * y * z, root(3) / 2 * (x * x - y * y), root(3) * x * y]
    if momentum == 3:
        return [
            z * (5 * z * z - 3 * square) / 2,
            root(3 / 8) * x * (5 * z * z - square), root(3 / 8) * y * (5 * z * z - square),
            root(15) / 2 * z * (x * x - y * y), root(15) * x * y * z,
            root(5 / 8) * x * (x * x - 3 * y * y), root(5 / 8) * y * (3 * x * x - y * y),
        ]
    raise ValueError(f'no function of angular momentum {momentum} is expected in {basis_set.NAME}')
