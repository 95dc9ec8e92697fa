"""Geometry optimisation: GFN2-xTB by the program xtb, then B3LYP/6-31G(2df,p) with Psi4's gradients."""
import os
import re
import subprocess
import tempfile

import numpy as np

BOHR = 0.52917721067
GRADIENT_TOLERANCE = 8e-4
STEP_TOLERANCE = 2e-3
MOST_STEPS = 25
# Hartree/bohr^2: softer modes are taken to be this stiff, so that a step along them stays small.
LEAST_CURVATURE = 0.012


class GeometryError(Exception):
    """The geometry cannot be optimised; says why."""


# Hartree per square radian by which a held torsion is drawn to its angle: some tenths of a degree are left.
HELD_TORSION = 1.0


def xtb_version():
    """Version of the program xtb; None where it is missing."""
    try:
        text = subprocess.run(['xtb', '--version'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    except OSError:
        return None
    found = re.search(r'version\s+(\S+)', text.decode(errors='replace'))
    return found[1] if found else 'unknown'


def xtb_minimum(elements, positions, torsion=None, seconds=600):
    """Minimum, Hessian (hartree/bohr^2, [3 atoms, 3 atoms]) and whether it converged, by GFN2-xTB; positions in angstrom.

    torsion: {"atoms": four, counted from 0, "degrees": x}, held at that angle while everything else is optimised.
    """
    environment = dict(os.environ, OMP_NUM_THREADS='1', OMP_STACKSIZE='1G')
    with tempfile.TemporaryDirectory(dir='.') as folder:
        with open(f'{folder}/start.xyz', 'w') as file:
            file.write(xyz_text(elements, positions))
        held = []
        if torsion:
            atoms = ', '.join(str(atom + 1) for atom in torsion['atoms'])
            with open(f'{folder}/held.inp', 'w') as file:
                file.write(f'$constrain\n force constant={HELD_TORSION}\n dihedral: {atoms}, {torsion["degrees"]:.4f}\n$end\n')
            held = ['--input', 'held.inp']
        try:
            # The exit code says nothing: Debian's xtb 6.5.1 aborts after the Hessian of a linear molecule. What was written counts.
            subprocess.run(['xtb', 'start.xyz', '--gfn', '2', *held, '--ohess', 'tight', '-P', '1'], cwd=folder, env=environment,
                           timeout=seconds, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise GeometryError('the program xtb is not installed') from error
        except subprocess.TimeoutExpired as error:
            raise GeometryError(f'xtb took more than {seconds} s') from error
        try:
            path = next(path for path in (f'{folder}/xtbopt.xyz', f'{folder}/xtbopt.log') if os.path.exists(path))
            with open(path) as file:
                lines = [line for line in file if line.strip()]
            frame = [[float(value) for value in line.split()[1:4]] for line in lines[-len(elements):]]
            with open(f'{folder}/hessian') as file:
                numbers = [float(value) for line in file if not line.startswith('$') for value in line.split()]
            size = 3 * len(elements)
            hessian = np.array(numbers).reshape(size, size)
        except (StopIteration, OSError, ValueError, IndexError) as error:
            raise GeometryError('xtb found no minimum') from error
        converged = os.path.exists(f'{folder}/.xtboptok')
    return np.array(frame), (hessian + hessian.T) / 2, converged


def model_hessian(elements, positions):
    """A start Hessian (hartree/bohr^2) without another program: springs between all atoms that soften with distance.

    The stretch term of Lindh et al., Chem. Phys. Lett. 241, 423 (1995), between all pairs; springs of next neighbours stand for bends.
    """
    exponents, radii = ((1.0, 0.3949), (0.3949, 0.28)), ((1.35, 2.10), (2.10, 2.53))
    points = np.asarray(positions) / BOHR
    hessian = np.zeros((len(points), 3, len(points), 3))
    for i in range(len(points)):
        for j in range(i):
            row, column = (int(elements[atom] != 'H') for atom in (i, j))
            offset = points[i] - points[j]
            distance = np.linalg.norm(offset)
            stiffness = 0.45 * np.exp(exponents[row][column] * (radii[row][column] ** 2 - distance ** 2))
            block = min(stiffness, 1) * np.outer(offset, offset) / distance ** 2
            hessian[i, :, i] += block
            hessian[j, :, j] += block
            hessian[i, :, j] -= block
            hessian[j, :, i] -= block
    size = 3 * len(points)
    return hessian.reshape(size, size) + 0.01 * np.eye(size)


def minimise(positions, hessian, energy_and_gradient):
    """Quasi-Newton minimisation in cartesian coordinates: (positions in angstrom, facts).

    energy_and_gradient: function of positions in angstrom -> hartree, hartree/bohr [atoms, 3]. Converged when the largest force
    is below 8e-4 hartree/bohr after at least one step, or after a step below 2e-3 bohr.
    """
    points = np.asarray(positions) / BOHR
    before = None
    trust = 0.3
    history = []
    for _ in range(MOST_STEPS):
        energy, gradient = energy_and_gradient(points * BOHR)
        moves = rigid_motions(points)
        inner = np.eye(gradient.size) - moves @ moves.T
        gradient = inner @ gradient.ravel()
        if before is not None:
            hessian = damped_update(hessian, (points - before[0]).ravel(), gradient - before[1])
            if energy > before[2] + 1e-5:
                trust = max(0.03, trust / 3)
        values, vectors = np.linalg.eigh(inner @ hessian @ inner)
        internal = np.abs(values) > 1e-6
        values = np.maximum(np.abs(values), LEAST_CURVATURE)
        step = -vectors[:, internal] @ ((vectors.T @ gradient)[internal] / values[internal])
        wanted = np.abs(step).max()
        step *= min(1, trust / wanted) if wanted > 0 else 1
        force = np.abs(gradient).max()
        history.append({'energy': energy, 'force': float(force), 'step': float(np.abs(step).max())})
        small_force = force < (GRADIENT_TOLERANCE / 4 if before is None else GRADIENT_TOLERANCE)
        before = points, gradient, energy
        if not small_force or wanted < 0.02:
            points = points + step.reshape(-1, 3)
        if small_force or np.abs(step).max() < STEP_TOLERANCE:
            return points * BOHR, {'converged': True, 'steps': history}
    return points * BOHR, {'converged': False, 'steps': history}


def damped_update(hessian, step, change):
    """BFGS with Powell's damping, which keeps the Hessian positive along the step."""
    image = hessian @ step
    curvature, along = step @ change, step @ image
    if curvature < 0.2 * along:
        share = 0.8 * along / (along - curvature)
        change = share * change + (1 - share) * image
        curvature = step @ change
    return hessian - np.outer(image, image) / along + np.outer(change, change) / curvature


def rigid_motions(points):
    """An orthonormal basis of the translations and rotations, [3 atoms, up to 6]."""
    centered = points - points.mean(0)
    moves = []
    for axis in np.eye(3):
        moves += [np.tile(axis, len(points)), np.cross(axis, centered).ravel()]
    left, values, _ = np.linalg.svd(np.array(moves).T, full_matrices=False)
    return left[:, values > 1e-6 * values[0]]


def xyz_text(elements, positions):
    """An XYZ file of one molecule."""
    lines = [f'{element} {x:.10f} {y:.10f} {z:.10f}' for element, (x, y, z) in zip(elements, positions)]
    return '\n'.join([str(len(elements)), '', *lines, ''])
