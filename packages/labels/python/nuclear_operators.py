"""Operators of the nuclear magnetic moments between occupied and virtual orbitals, on the grid of the ground state."""
import numpy as np

from ground_state import grid_blocks, values_at

LEAST_DENSITY = 1e-9
LEAST_WEIGHT = 1e-12


def contact(basis, nuclei, occupied, virtual):
    """Fermi contact: the delta function at each nucleus (bohr, [n, 3]), [n, occupied, virtual]."""
    values = values_at(basis, nuclei)
    return (values @ occupied)[:, :, None] * (values @ virtual)[:, None, :]


def grid_operators(potential, nuclei, occupied, virtual):
    """Returns the spin-dipolar [n, 5, occupied, virtual] and the paramagnetic spin-orbit operators [n, 3, occupied, virtual] of
    each nucleus, and the diamagnetic spin-orbit sums of each pair of nuclei [n, n], in atomic units.

    The spin-dipolar operator (3 r r - r^2)/r^5 is traceless and symmetric: five components of an orthonormal basis stand for
    nine. The paramagnetic operator is (r x grad)/r^3, real and antisymmetric. It is applied to the occupied orbital.
    """
    count = len(nuclei)
    kinds = 8
    electrons = occupied.shape[1]
    half = np.zeros((len(occupied), count * kinds * electrons), np.float32)
    diamagnetic = np.zeros((count, count))
    for points, weights, local, values in grid_blocks(potential):
        orbitals = values @ occupied[local]
        density = 2 * (orbitals[0] ** 2).sum(1)
        keep = (density > LEAST_DENSITY) & (np.abs(weights) * density > LEAST_WEIGHT)
        if not keep.any():
            continue
        points, weights, density = points[keep], weights[keep], density[keep]
        orbitals = orbitals[:, keep]
        offsets = points[:, None] - nuclei
        distance = np.maximum(np.sqrt((offsets ** 2).sum(2)), 1e-12)
        field = offsets / distance[..., None] ** 3
        diamagnetic += np.einsum('p,pmx,pnx->mn', density * weights, field, field, optimize=True)
        x, y, z = np.moveaxis(offsets, 2, 0)
        fifth = weights[:, None] / distance ** 5
        dipolar = np.stack([
            2 ** 0.5 * 3 * x * y, 2 ** 0.5 * 3 * x * z, 2 ** 0.5 * 3 * y * z,
            3 / 2 ** 0.5 * (x * x - y * y), 1.5 ** 0.5 * (3 * z * z - distance ** 2),
        ], 2) * fifth[..., None]
        applied = np.empty((len(points), count, kinds, electrons), np.float32)
        value, gradient = orbitals[0].astype(np.float32), orbitals[1:].astype(np.float32)
        applied[:, :, :5] = dipolar.astype(np.float32)[..., None] * value[:, None, None]
        field = (field * weights[:, None, None]).astype(np.float32)
        for axis, (one, other) in enumerate(((1, 2), (2, 0), (0, 1))):
            # Antisymmetric: <i|O a> = -<O i|a>.
            applied[:, :, 5 + axis] = (field[:, :, other, None] * gradient[one][:, None]
                                       - field[:, :, one, None] * gradient[other][:, None])
        half[local] += values[0][keep].astype(np.float32).T @ applied.reshape(len(points), -1)
    full = (virtual.T @ half).reshape(virtual.shape[1], count, kinds, electrons).transpose(1, 2, 3, 0)
    return full[:, :5], full[:, 5:], diamagnetic
