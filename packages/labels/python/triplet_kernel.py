"""The exchange-correlation part of the triplet orbital Hessian, applied to vectors on the grid."""
import numpy as np

from ground_state import grid_blocks, psi4

# Points with less alpha density, or less alpha density times weight, do not count.
LEAST_DENSITY = 1e-9
LEAST_WEIGHT = 1e-10
# Functions below this everywhere in a block, in value times root of the weight, are left out of it.
LEAST_FUNCTION = 1e-6


class TripletKernel:
    """Applies the kernel of a gradient-corrected functional for triplet perturbations of a closed shell.

    For a trial density t with gradient g, the kernel answers with u (to the value) and v (to the gradient):
    u = A t + B (n.g), v = n (B t + C (n.g)) + D g, with n the gradient of the alpha density and
    A, B, C, D second and first derivatives of the functional. Values of the functions are kept, not recomputed.
    """

    def __init__(self, potential, functional, occupied, virtual):
        """potential: Psi4's potential with the wanted grid; functional: the same with second derivatives; orbitals [functions, n]."""
        self.occupied = occupied.shape[1]
        self.virtual = virtual.astype(np.float32)
        self.blocks = []
        self.points = 0
        for _, weights, local, values in grid_blocks(potential):
            orbitals = values @ occupied[local]
            density = (orbitals[0] ** 2).sum(1)
            keep = (density > LEAST_DENSITY) & (np.abs(weights) * density > LEAST_WEIGHT)
            if not keep.any():
                continue
            values, orbitals, weights, density = values[:, keep], orbitals[:, keep], weights[keep], density[keep]
            gradient = 2 * (orbitals[0] * orbitals[1:]).sum(2).T
            kernel = kernel_matrices(functional, density, gradient, weights)
            near = (np.abs(values[:2]) * np.sqrt(np.abs(weights))[:, None]).max((0, 1)) > LEAST_FUNCTION
            values = values[:, :, near].astype(np.float32)
            self.points += len(weights)
            self.blocks.append((
                local[near], np.ascontiguousarray(values[0]), np.ascontiguousarray(values[1:].transpose(1, 2, 0)),
                np.ascontiguousarray(orbitals.transpose(1, 2, 0), np.float32), kernel.astype(np.float32),
            ))

    def multiply(self, vectors):
        """The kernel's part of Hessian times vectors, [k, occupied, virtual]."""
        count = len(vectors)
        functions = len(self.virtual)
        # Trial densities in the form: sum over i of occupied orbital i times the function trial[:, k, i].
        trial = self.virtual @ vectors.transpose(2, 0, 1).reshape(self.virtual.shape[1], -1).astype(np.float32)
        trial = trial.reshape(functions, count, self.occupied)
        result = np.zeros_like(trial)
        for local, values, gradients, orbitals, kernel in self.blocks:
            points, width = values.shape
            # Contiguous: NumPy multiplies strided matrices without BLAS.
            plain = orbitals[:, :, 0].copy()
            near = trial[local]
            first = (values @ near.reshape(width, -1)).reshape(points, count, self.occupied)
            density = first @ orbitals
            turned = near.transpose(2, 1, 0).reshape(self.occupied, -1)
            second = (plain @ turned).reshape(points, count, width)
            density[:, :, 1:] += second @ gradients
            answer = density @ kernel
            first = answer @ orbitals.transpose(0, 2, 1)
            part = (values.T @ first.reshape(points, -1)).reshape(width, count, self.occupied)
            second = answer[:, :, 1:] @ gradients.transpose(0, 2, 1)
            turned = (plain.T @ second.reshape(points, -1)).reshape(self.occupied, count, width)
            result[local] += part + turned.transpose(2, 1, 0)
        product = self.virtual.T @ result.reshape(functions, -1)
        return product.reshape(-1, count, self.occupied).transpose(1, 2, 0)


def kernel_matrices(functional, density, gradient, weights):
    """The kernel at each point as a symmetric matrix on (value, gradient), times the weight and the two spins, [points, 4, 4].

    density: alpha density [points]; gradient: of the alpha density, [points, 3].
    """
    square = (gradient ** 2).sum(1)
    vector = psi4.core.Vector.from_array
    given = {'RHO_A': vector(density), 'RHO_B': vector(density)}
    for key in ('GAMMA_AA', 'GAMMA_AB', 'GAMMA_BB'):
        given[key] = vector(square)
    found = functional.compute_functional(given, len(density))

    def value(key):
        return found[key].np[:len(density)]

    a = value('V_RHO_A_RHO_A') - value('V_RHO_A_RHO_B')
    b = 2 * (value('V_RHO_A_GAMMA_AA') - value('V_RHO_A_GAMMA_BB'))
    c = 4 * (value('V_GAMMA_AA_GAMMA_AA') - value('V_GAMMA_AA_GAMMA_BB'))
    d = 2 * value('V_GAMMA_AA') - value('V_GAMMA_AB')
    matrices = np.empty((len(density), 4, 4))
    matrices[:, 0, 0] = a
    matrices[:, 0, 1:] = matrices[:, 1:, 0] = b[:, None] * gradient
    matrices[:, 1:, 1:] = c[:, None, None] * gradient[:, :, None] * gradient[:, None, :] + d[:, None, None] * np.eye(3)
    return 2 * weights[:, None, None] * matrices
