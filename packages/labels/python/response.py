"""Linear equations with a large symmetric matrix and several right-hand sides, in one common subspace."""
import numpy as np


class Solution:
    """What `solve` found: vectors [k, n], relative errors [k] in the norm of the matrix (estimated), whether all are within tolerance,
    iterations, products with the matrix, and the lowest eigenvalue with the norm of its residual."""

    def __init__(self, vectors, errors, converged, iterations, products, lowest, lowest_residual):
        self.vectors = vectors
        self.errors = errors
        self.converged = converged
        self.iterations = iterations
        self.products = products
        self.lowest = lowest
        self.lowest_residual = lowest_residual


def solve(multiply, diagonal, sides, tolerances, eigen_tolerance=None, most_iterations=30):
    """Solves M x = b for all right-hand sides at once, and follows the lowest eigenvalue of M by Davidson's method.

    multiply: function of vectors [k, n] -> M times them. diagonal: approximation of M's diagonal, positive, [n], which
    preconditions. sides: [k, n]. tolerances: [k], of the relative error sqrt(r.D^-1 r / b.D^-1 b) with D the diagonal.
    eigen_tolerance: norm of the residual at which the lowest eigenpair counts as found; none: not sought.

    Every new direction serves all right-hand sides: the solutions are the best of the whole subspace (Galerkin), so that
    x_a.b_b is wrong by the product of the two errors only.
    """
    size = len(diagonal)
    norms = np.sqrt((sides ** 2 / diagonal).sum(1))
    space = np.zeros((0, size))
    images = np.zeros((0, size))
    fresh = sides / diagonal
    if eigen_tolerance is not None:
        guesses = np.zeros((4, size))
        guesses[np.arange(4), np.argsort(diagonal)[:4]] = 1
        # Symmetry must not hide the lowest state.
        noise = np.random.default_rng(1).standard_normal((1, size)) / diagonal ** 2
        fresh = np.concatenate([fresh, guesses, noise])
    lowest = lowest_residual = None
    for iteration in range(1, most_iterations + 1):
        fresh = orthonormalise(fresh, space)
        space = np.concatenate([space, fresh])
        images = np.concatenate([images, multiply(fresh)])
        small = images @ space.T
        small = (small + small.T) / 2
        coefficients = np.linalg.solve(small, space @ sides.T).T
        residuals = sides - coefficients @ images
        errors = np.sqrt((residuals ** 2 / diagonal).sum(1)) / norms
        open_sides = errors > tolerances
        wanted = [residuals[open_sides] / diagonal]
        open_eigen = False
        if eigen_tolerance is not None:
            values, vectors = np.linalg.eigh(small)
            lowest = values[0]
            residual = vectors[:, 0] @ images - lowest * (vectors[:, 0] @ space)
            lowest_residual = np.linalg.norm(residual)
            open_eigen = lowest_residual > eigen_tolerance
            if open_eigen:
                gap = diagonal - lowest
                wanted.append((residual / np.where(np.abs(gap) < 0.02, 0.02, gap))[None])
        if not open_sides.any() and not open_eigen:
            break
        fresh = np.concatenate(wanted)
    return Solution(coefficients @ space, errors, not open_sides.any(), iteration, len(space), lowest, lowest_residual)


def orthonormalise(vectors, space):
    """An orthonormal basis of what the vectors add to an orthonormal space; directions that add next to nothing are dropped."""
    vectors = vectors / np.linalg.norm(vectors, axis=1)[:, None]
    for _ in range(2):
        vectors = vectors - (vectors @ space.T) @ space
        overlap = vectors @ vectors.T
        values, rotation = np.linalg.eigh(overlap)
        keep = values > 1e-8
        vectors = (rotation[:, keep] / np.sqrt(values[keep])).T @ vectors
    return vectors
