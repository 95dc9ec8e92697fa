"""The basis of the competition's labels: Gaussian's 6-31G(2df,p) with cartesian d and pure f functions (6D, 7F).

Neither Psi4 nor NWChem mixes cartesian d with pure f. Here all shells are pure, and each d shell gets the one function that
a cartesian d has beyond a pure one: the s function r^2 exp(-a r^2), written as a contraction of four Gaussians.
Exponents and coefficients: Hehre, Ditchfield, Pople, J. Chem. Phys. 56, 2257 (1972); Hariharan, Pople, Theor. Chim. Acta 28,
213 (1973); polarisation of Frisch, Pople, Binkley, J. Chem. Phys. 80, 3265 (1984).
"""

# Valence shells: (kind, primitives); an SP primitive is (exponent, s coefficient, p coefficient).
VALENCE = {
    'H': [
        ('S', [(18.7311370, 0.03349460), (2.8253937, 0.23472695), (0.6401217, 0.81375733)]),
        ('S', [(0.1612778, 1.0)]),
    ],
    'C': [
        ('S', [(3047.5249, 0.0018347), (457.36951, 0.0140373), (103.94869, 0.0688426),
               (29.210155, 0.2321844), (9.2866630, 0.4679413), (3.1639270, 0.3623120)]),
        ('SP', [(7.8682724, -0.1193324, 0.0689991), (1.8812885, -0.1608542, 0.3164240),
                (0.5442493, 1.1434564, 0.7443083)]),
        ('SP', [(0.1687144, 1.0, 1.0)]),
    ],
    'N': [
        ('S', [(4173.5110, 0.0018348), (627.45790, 0.0139950), (142.90210, 0.0685870),
               (40.23433, 0.2322410), (12.82021, 0.4690700), (4.3904370, 0.3604550)]),
        ('SP', [(11.626358, -0.1149610, 0.0675800), (2.7162800, -0.1691180, 0.3239070),
                (0.7722180, 1.1458520, 0.7408950)]),
        ('SP', [(0.2120313, 1.0, 1.0)]),
    ],
    'O': [
        ('S', [(5484.6717, 0.0018311), (825.23495, 0.0139501), (188.04696, 0.0684451),
               (52.9645, 0.2327143), (16.89757, 0.4701930), (5.7996353, 0.3585209)]),
        ('SP', [(15.539616, -0.1107775, 0.0708743), (3.5999336, -0.1480263, 0.3397528),
                (1.0137618, 1.1307670, 0.7271586)]),
        ('SP', [(0.2700058, 1.0, 1.0)]),
    ],
    'F': [
        ('S', [(7001.71309, 0.0018196169), (1051.36609, 0.0139160796), (239.28569, 0.068405324),
               (67.3974453, 0.233185760), (21.5199573, 0.471267439), (7.40310130, 0.356618546)]),
        ('SP', [(20.8479528, -0.108506975, 0.0716287243), (4.80830834, -0.146451658, 0.3459121027),
                (1.34406986, 1.128688580, 0.722469957)]),
        ('SP', [(0.358151393, 1.0, 1.0)]),
    ],
}

# Polarisation shells: (kind, exponent).
POLARISATION = {
    'H': [('P', 1.1)],
    'C': [('D', 1.6), ('D', 0.4), ('F', 0.8)],
    'N': [('D', 1.6), ('D', 0.4), ('F', 1.0)],
    'O': [('D', 1.6), ('D', 0.4), ('F', 1.4)],
    'F': [('D', 1.6), ('D', 0.4), ('F', 1.85)],
}

NAME = '6-31G(2df,p), 6D 7F'


def s_part_of_d(exponent, step=0.05):
    """The s part r^2 exp(-a r^2) of a cartesian d shell: the derivative of exp(-a r^2) to a, as a four-point difference.

    The power of the exponent undoes the normalisation of each primitive; the whole is normalised by the program that reads it.
    """
    points = ((-2, 1.0), (-1, -8.0), (1, 8.0), (2, -1.0))
    return [(exponent * (1 + k * step), -weight * (exponent * (1 + k * step)) ** -0.75) for k, weight in points]


def shells(element):
    """The pure shells of an element: [(kind, [(exponent, coefficient), ...]), ...]."""
    result = []
    for kind, primitives in VALENCE[element]:
        if kind == 'SP':
            result.append(('S', [(exponent, s) for exponent, s, _ in primitives]))
            result.append(('P', [(exponent, p) for exponent, _, p in primitives]))
        else:
            result.append((kind, primitives))
    for kind, exponent in POLARISATION[element]:
        result.append((kind, [(exponent, 1.0)]))
        if kind == 'D':
            result.append(('S', s_part_of_d(exponent)))
    return result


def psi4_text(elements):
    """The basis of these elements in the form that Psi4 reads."""
    lines = ['spherical', '****']
    for element in sorted(set(elements)):
        lines.append(f'{element} 0')
        for kind, primitives in shells(element):
            lines.append(f'{kind} {len(primitives)} 1.00')
            lines += [f'  {exponent:.10f}  {coefficient:.12f}' for exponent, coefficient in primitives]
        lines.append('****')
    return '\n'.join(lines) + '\n'


def nwchem_text(elements):
    """The basis of these elements in the form that NWChem reads."""
    lines = []
    for element in sorted(set(elements)):
        for kind, primitives in shells(element):
            lines.append(f'{element} {kind}')
            lines += [f' {exponent:.10f} {coefficient:.12f}' for exponent, coefficient in primitives]
    return '\n'.join(lines) + '\n'
