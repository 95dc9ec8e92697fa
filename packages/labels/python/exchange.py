"""The exact-exchange part of the orbital Hessians, from density-fitted integrals."""
import numpy as np

from ground_state import psi4


class Exchange:
    """Holds (ij|ab) and (ib|ja) for occupied i >= j and virtual a, b.

    Both are kept rather than multiplied out for each vector from the three-index integrals: there are more fitting functions
    than right-hand sides, so that forming them costs no more than a few vectors would. i < j follows by transposition.
    Single precision: rounding changes couplings by less than 1e-5 Hz.
    """

    def __init__(self, fitting, occupied, virtual):
        """fitting: Psi4's DFHelper with the integrals of the ground state; occupied, virtual: orbitals [functions, n]."""
        self.occupied = count = occupied.shape[1]
        self.virtual = width = virtual.shape[1]
        fitting.add_space('o', psi4.core.Matrix.from_array(np.ascontiguousarray(occupied)))
        fitting.add_space('v', psi4.core.Matrix.from_array(np.ascontiguousarray(virtual)))
        for name, left, right in (('oo', 'o', 'o'), ('ov', 'o', 'v'), ('vv', 'v', 'v')):
            fitting.add_transformation(name, left, right)
        fitting.transform()
        functions = fitting.get_tensor_shape('oo')[0]

        def read(name, start, end, columns):
            shape = [0, functions], [start, end], [0, columns]
            return fitting.get_tensor(name, *shape).np.reshape(functions, end - start, columns)

        first, second = np.tril_indices(count)
        pairs = read('oo', 0, count, count)[:, first, second].T.copy()
        self.coulomb = np.empty((len(first), width, width), np.float32)
        step = max(1, int(4e6 // (functions * width)))
        for start in range(0, width, step):
            end = min(width, start + step)
            block = read('vv', start, end, width).reshape(functions, -1)
            self.coulomb[:, start:end] = (pairs @ block).reshape(len(first), end - start, width)
        del pairs
        mixed = read('ov', 0, count, width)
        self.exchange = np.empty((len(first), width, width), np.float32)
        for i in range(count):
            # [b, j, a], wanted as [j, a, b]
            row = (mixed[:, i].T @ mixed[:, :i + 1].reshape(functions, -1)).reshape(width, i + 1, width)
            self.exchange[i * (i + 1) // 2:(i + 1) * (i + 2) // 2] = row.transpose(1, 2, 0)
        # The integrals over functions, most of the memory, are not needed again.
        fitting.clear_all()

    def multiply(self, vectors, sign):
        """Sum over jb of ((ij|ab) + sign (ib|ja)) x_jb; vectors and result [k, occupied, virtual].

        sign: +1 for real (triplet), -1 for imaginary (magnetic) perturbations.
        """
        count, width = self.occupied, self.virtual
        columns = np.ascontiguousarray(vectors.transpose(1, 2, 0), np.float32)
        result = np.zeros_like(columns)
        matrix = np.empty((width, width), np.float32)
        combine = np.add if sign > 0 else np.subtract
        for i in range(count):
            for j in range(i + 1):
                index = i * (i + 1) // 2 + j
                combine(self.coulomb[index], self.exchange[index], out=matrix)
                result[i] += matrix @ columns[j]
                if i != j:
                    result[j] += matrix.T @ columns[i]
        return result.transpose(2, 0, 1)
