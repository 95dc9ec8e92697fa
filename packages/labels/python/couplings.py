"""Indirect nuclear spin-spin couplings of a closed-shell molecule at B3LYP/6-31G(2df,p), the level of the competition's labels."""
import time

import numpy as np

import ground_state
import nuclear_operators
import response
from basis import NAME
from exchange import Exchange
from ground_state import psi4
from triplet_kernel import TripletKernel

# CODATA 2014, as in the labels: fine-structure constant, proton mass in electron masses, hartree in hertz.
FINE_STRUCTURE = 1 / 137.035999139
PROTON_MASS = 1836.15267389
HARTREE_HZ = 6.579683920711e15
# g factors of 1H, 13C, 14N (the isotope that the competition's 1JHN > 0 belongs to), 17O, 19F.
G_FACTORS = {'H': 5.5856947, 'C': 1.4048236, 'N': 0.40376100, 'O': -0.757516, 'F': 5.257736}
EXACT_EXCHANGE = 0.2

# Relative errors in the norm of the Hessian. Contact terms of all nuclei are solved, so that their product counts in J;
# the dipolar and orbital terms are solved for the first nucleus of each pair only, so that their errors count singly.
# Five times looser ones err by 0.006 Hz in small molecules with few hydrogens, whose subspace is small.
CONTACT_TOLERANCE = 1e-3
DIPOLAR_TOLERANCE = 2e-4
ORBITAL_TOLERANCE = 2e-4
EIGEN_TOLERANCE = 1e-2
MEMORY_MB = 1400


METHOD = {
    'level': f'B3LYP/{NAME}',
    'isotopes': '1H 13C 14N 17O 19F, electron g = 2',
    'fitting_basis': ground_state.FITTING_BASIS,
    'ground_state_grid': list(ground_state.GROUND_STATE_GRID),
    'kernel_grid': list(ground_state.KERNEL_GRID),
    'gradient_grid': list(ground_state.GRADIENT_GRID),
    'tolerances': [CONTACT_TOLERANCE, DIPOLAR_TOLERANCE, ORBITAL_TOLERANCE],
    'stability': 'lowest eigenvalue of the triplet Hessian by Davidson, positive',
    'program': 2,
}


class CouplingError(Exception):
    """The couplings cannot be had; says why."""


def couplings(elements, positions, pairs, tight=False):
    """Couplings of the pairs (i, j) of atoms: ({(i, j): (fc, sd, pso, dso)} in hertz, facts).

    elements: symbols; positions in angstrom, [atoms, 3]. tight: solves the equations a hundred times more tightly, to show
    what the usual tolerance costs. Isotopes 1H, 13C, 14N, 17O, 19F; the electron's g is 2, as in the labels.
    Raises CouplingError if the ground state or the equations do not converge.
    """
    clock = Clock()
    ground_state.prepare(elements, MEMORY_MB)
    molecule = ground_state.make_molecule(elements, positions)
    try:
        energy, wavefunction = psi4.energy(ground_state.FUNCTIONAL, return_wfn=True, molecule=molecule)
    except Exception as error:
        raise CouplingError(f'the ground state did not converge: {error}'.strip()) from error
    clock.lap('ground state')
    basis = wavefunction.basisset()
    orbitals, levels, count = wavefunction.Ca().np, wavefunction.epsilon_a().np, wavefunction.nalpha()
    occupied, virtual = orbitals[:, :count].copy(), orbitals[:, count:].copy()
    shape = occupied.shape[1], virtual.shape[1]
    differences = levels[None, count:] - levels[:count, None]

    exchange = Exchange(wavefunction.jk().dfh(), occupied, virtual)
    clock.lap('exchange integrals')

    involved = sorted({atom for pair in pairs for atom in pair})
    perturbing = sorted({first for first, _ in pairs})
    row = {atom: index for index, atom in enumerate(involved)}
    nuclei = np.array([[molecule.x(atom), molecule.y(atom), molecule.z(atom)] for atom in involved])
    contact = nuclear_operators.contact(basis, nuclei, occupied, virtual)
    dipolar, orbital, diamagnetic = nuclear_operators.grid_operators(wavefunction.V_potential(), nuclei, occupied, virtual)
    clock.lap('operators')

    kernel = TripletKernel(*kernel_grid(basis, wavefunction), occupied, virtual)
    clock.lap('kernel set-up')

    def triplet(vectors):
        vectors = vectors.reshape(-1, *shape)
        product = differences * vectors - EXACT_EXCHANGE * exchange.multiply(vectors, +1)
        clock.lap('exchange products')
        product += kernel.multiply(vectors)
        clock.lap('kernel products')
        return product.reshape(len(vectors), -1)

    def magnetic(vectors):
        vectors = vectors.reshape(-1, *shape)
        product = differences * vectors - EXACT_EXCHANGE * exchange.multiply(vectors, -1)
        clock.lap('exchange products')
        return product.reshape(len(vectors), -1)

    factor = 0.01 if tight else 1
    chosen = [row[atom] for atom in perturbing]
    size = shape[0] * shape[1]
    contact, dipolar, orbital = (array.reshape(-1, size).astype(float) for array in (contact, dipolar, orbital))
    five = [5 * index + part for index in chosen for part in range(5)]
    three = [3 * index + part for index in chosen for part in range(3)]
    sides = np.concatenate([contact, dipolar[five]])
    tolerances = np.concatenate([np.full(len(contact), CONTACT_TOLERANCE), np.full(len(five), DIPOLAR_TOLERANCE)]) * factor
    spin = response.solve(triplet, differences.ravel(), sides, tolerances, EIGEN_TOLERANCE)
    orbit = response.solve(magnetic, differences.ravel(), orbital[three], np.full(len(three), ORBITAL_TOLERANCE * factor))
    clock.lap('solver')
    for name, solution in (('triplet', spin), ('magnetic', orbit)):
        if not solution.converged:
            raise CouplingError(f'the {name} equations did not converge in {solution.iterations} iterations')

    # S[a, b]: response to a seen by b, for the first nucleus a and any nucleus b.
    contact_sums = spin.vectors[:len(contact)] @ contact.T
    dipolar_sums = np.einsum('acbc->ab', (spin.vectors[len(contact):] @ dipolar.T).reshape(len(chosen), 5, -1, 5))
    orbital_sums = np.einsum('acbc->ab', (orbit.vectors @ orbital.T).reshape(len(chosen), 3, -1, 3))
    perturber = {atom: index for index, atom in enumerate(perturbing)}
    result = {}
    for i, j in pairs:
        unit = HARTREE_HZ * G_FACTORS[elements[i]] * G_FACTORS[elements[j]] / (4 * PROTON_MASS ** 2)
        fourth = FINE_STRUCTURE ** 4
        result[i, j] = (
            -unit * 4 * (4 * np.pi * FINE_STRUCTURE ** 2 / 3) ** 2 * contact_sums[row[i], row[j]],
            -unit * fourth / 3 * dipolar_sums[perturber[i], row[j]],
            -unit * 4 * fourth / 3 * orbital_sums[perturber[i], row[j]],
            unit * 2 / 3 * fourth * diamagnetic[row[i], row[j]],
        )
    clock.lap('other')
    return result, {
        'energy': energy,
        'basis_functions': len(orbitals),
        'orbital_pairs': size,
        'kernel_points': kernel.points,
        'stable': bool(spin.lowest > 0),
        'lowest_triplet': float(spin.lowest),
        'lowest_triplet_residual': float(spin.lowest_residual),
        'iterations': {'triplet': spin.iterations, 'magnetic': orbit.iterations},
        'products': {'triplet': spin.products, 'magnetic': orbit.products},
        'seconds': {name: round(value, 2) for name, value in clock.seconds.items()},
        **properties(wavefunction),
    }


def kernel_grid(basis, wavefunction):
    """Psi4's potential with the grid of the kernel, and the functional with second derivatives."""
    ground_state.set_grid(ground_state.KERNEL_GRID)
    functional, _ = psi4.driver.dft.build_superfunctional(ground_state.FUNCTIONAL.upper(), False)
    potential = psi4.core.VBase.build(basis, wavefunction.functional(), 'RV')
    potential.initialize()
    functional.set_deriv(2)
    functional.set_max_points(potential.properties()[0].max_points())
    functional.allocate()
    return potential, functional


def properties(wavefunction):
    """Mulliken charges [atoms] and the dipole moment in debye [3], in the frame of the geometry."""
    psi4.oeprop(wavefunction, 'MULLIKEN_CHARGES', 'DIPOLE')
    return {
        'mulliken': [float(charge) for charge in wavefunction.atomic_point_charges().np],
        'dipole': [psi4.core.variable(f'CURRENT DIPOLE {axis}') for axis in 'XYZ'],
    }


class Clock:
    """CPU seconds of this process by phase."""

    def __init__(self):
        self.last = time.process_time()
        self.seconds = {}

    def lap(self, phase):
        now = time.process_time()
        self.seconds[phase] = self.seconds.get(phase, 0) + now - self.last
        self.last = now
