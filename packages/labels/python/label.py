#!/usr/bin/python3
"""One step of labelling a molecule: label.py JOB.json RESULT.json, or label.py --versions.

The job: {"task": "couplings" | "geometry" | "nwchem", "elements": ["C", ...], "positions": [[x, y, z], ...] in angstrom, and
  for couplings and nwchem "pairs": [[i, j], ...], atoms counted from 0; for couplings optional "tight": true;
  for geometry "method": "xtb" | "dft", and for xtb optional "torsion": {"atoms": [i, j, k, l], "degrees": x}, to be held}.
The result, written whole or not at all: couplings {"couplings": [[fc, sd, pso, dso], ...] in hertz, and what `couplings.py` tells of
the calculation}, nwchem the couplings alone; geometry {"positions", "converged", ...}; of all "cpu_seconds" and "peak_mb"; or {"error": "why"}.
Scratch files go to the working folder. Needs Psi4 1.3 or newer and NumPy; xtb only for geometries.
"""
import json
import os
import resource
import sys


class Refusal(Exception):
    """The job cannot be done; says why."""


def main(arguments):
    if arguments == ['--versions']:
        print(json.dumps(versions()))
        return 0
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    job_path, result_path = arguments
    with open(job_path) as file:
        job = json.load(file)
    os.environ['PSI_SCRATCH'] = os.getcwd()
    try:
        result = {'couplings': find_couplings, 'geometry': find_geometry, 'nwchem': ask_nwchem}[job['task']](job)
    except Refusal as refusal:
        result = {'error': str(refusal)}
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    result['cpu_seconds'] = round(sum(one.ru_utime + one.ru_stime for one in usage), 1)
    result['peak_mb'] = max(one.ru_maxrss for one in usage) // 1024
    with open(result_path + '.part', 'w') as file:
        json.dump(result, file, allow_nan=False)
    os.rename(result_path + '.part', result_path)
    return 0


def find_couplings(job):
    import numpy as np

    from couplings import CouplingError, couplings

    check_blas()
    pairs = [tuple(pair) for pair in job['pairs']]
    try:
        found, facts = couplings(job['elements'], np.array(job['positions'], float), pairs, job.get('tight', False))
    except CouplingError as error:
        raise Refusal(str(error)) from error
    values = np.array([found[pair] for pair in pairs])
    if not np.isfinite(values).all():
        raise Refusal('a coupling is not a number')
    return {'couplings': values.tolist(), **facts}


def find_geometry(job):
    import numpy as np

    import geometry

    elements, positions = job['elements'], np.array(job['positions'], float)
    facts = {'start_hessian': 'model'}
    hessian = None
    try:
        positions, hessian, converged = geometry.xtb_minimum(elements, positions, job.get('torsion'))
        facts['start_hessian'] = 'xtb'
    except geometry.GeometryError as error:
        if job['method'] == 'xtb':
            raise Refusal(str(error)) from error
        facts['xtb'] = str(error)
    if job['method'] == 'xtb':
        return {'positions': positions.tolist(), 'converged': converged}

    from ground_state import FUNCTIONAL, GRADIENT_GRID, make_molecule, prepare, psi4

    check_blas()

    def energy_and_gradient(positions):
        prepare(elements, 1400, GRADIENT_GRID, energy=1e-7, density=1e-6)
        gradient, wavefunction = psi4.gradient(FUNCTIONAL, molecule=make_molecule(elements, positions), return_wfn=True)
        return wavefunction.energy(), gradient.np.copy()

    if hessian is None:
        hessian = geometry.model_hessian(elements, positions)
    try:
        positions, found = geometry.minimise(positions, hessian, energy_and_gradient)
    except Exception as error:
        raise Refusal(f'no gradient: {error}'.strip()) from error
    return {'positions': positions.tolist(), **found, **facts}


def ask_nwchem(job):
    import nwchem

    try:
        return {'couplings': nwchem.couplings(job['elements'], job['positions'], [tuple(pair) for pair in job['pairs']])}
    except nwchem.NwchemError as error:
        raise Refusal(str(error)) from error


def check_blas():
    """Some builds of OpenBLAS compute wrong products on processors newer than they are: compares one with plain sums."""
    import numpy as np

    random = np.random.default_rng(0)
    for kind, tolerance in ((np.float64, 1e-11), (np.float32, 1e-3)):
        left, right = (random.standard_normal((300, 300)).astype(kind) for _ in range(2))
        if np.abs(left @ right - np.einsum('ik,kj->ij', left, right, optimize=False)).max() > tolerance:
            raise Refusal('the BLAS library multiplies matrices wrongly here; try OPENBLAS_CORETYPE=Haswell')


def versions():
    """Versions of what the couplings depend on; fails with ImportError where Psi4 or NumPy is missing."""
    import platform

    import numpy as np

    from couplings import METHOD
    from geometry import xtb_version
    from ground_state import psi4

    return {'psi4': psi4.__version__, 'numpy': np.__version__, 'python': platform.python_version(), 'xtb': xtb_version(),
            'method': METHOD}


if __name__ == '__main__':
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: after some errors Psi4 waits for ever for itself when Python tidies up.
    os._exit(code)
