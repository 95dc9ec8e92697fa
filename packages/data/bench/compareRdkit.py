"""Sets the chemistry that checkChemistry.ts wrote beside RDKit's, from the same geometry.

    pip install rdkit          # 2022.09 or newer, with rdDetermineBonds
    python packages/data/bench/compareRdkit.py peer.json

RDKit gets the same geometry. First it finds the bonds itself; then, with our bonds, their orders and the charges
(rdDetermineBonds). Orders are compared with aromatic bonds as aromatic, so that Kekulé forms do not count as differences.
"""

import json
import sys
from collections import Counter, defaultdict

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem, rdDetermineBonds
from rdkit.Geometry import Point3D

HYBRIDISATIONS = {"S": 0, "SP": 1, "SP2": 2, "SP3": 3}


def empty(record):
    molecule = Chem.RWMol()
    conformer = Chem.Conformer(len(record["atomicNumbers"]))
    for index, number in enumerate(record["atomicNumbers"]):
        molecule.AddAtom(Chem.Atom(number))
        conformer.SetAtomPosition(index, Point3D(*record["positions"][3 * index : 3 * index + 3]))
    molecule.AddConformer(conformer)
    return molecule


def own_bonds(record):
    molecule = empty(record)
    rdDetermineBonds.DetermineConnectivity(molecule)
    return {tuple(sorted((b.GetBeginAtomIdx(), b.GetEndAtomIdx()))) for b in molecule.GetBonds()}


def perceive(record, pairs):
    molecule = empty(record)
    for first, second in pairs:
        molecule.AddBond(first, second, Chem.BondType.SINGLE)
    rdDetermineBonds.DetermineBondOrders(molecule, charge=0, embedChiral=False, maxIterations=1000)
    Chem.SanitizeMol(molecule)
    return molecule


def kind_of(bond):
    return "aromatic" if bond.GetIsAromatic() else str(int(bond.GetBondTypeAsDouble()))


def compare(records):
    agree, total = Counter(), Counter()
    examples = defaultdict(list)
    charge_differences = []

    def count(what, same, name):
        total[what] += 1
        agree[what] += same
        if not same and (not examples[what] or examples[what][-1] != name):
            examples[what].append(name)

    for record in records:
        name = record["name"]
        if record["failed"]:
            count("perceived by Couplet", False, name)
            continue
        count("perceived by Couplet", True, name)
        flat = record["bondAtoms"]
        pairs = [(flat[index], flat[index + 1]) for index in range(0, len(flat), 2)]
        count("molecules with the same bonds", own_bonds(record) == set(pairs), name)
        try:
            molecule = perceive(record, pairs)
        except Exception:
            count("perceived by RDKit", False, name)
            continue
        count("perceived by RDKit", True, name)
        rings = molecule.GetRingInfo()
        whole = True
        for index, pair in enumerate(pairs):
            bond = molecule.GetBondBetweenAtoms(*pair)
            ours = "aromatic" if record["aromaticBonds"][index] else str(record["bondOrders"][index])
            count("bond orders", ours == kind_of(bond), name)
            whole &= ours == kind_of(bond)
            count("conjugated bonds", record["conjugatedBonds"][index] == bond.GetIsConjugated(), name)
            size = rings.MinBondRingSize(bond.GetIdx())
            count("smallest ring of bonds", record["bondRingSizes"][index] == size, name)
        AllChem.ComputeGasteigerCharges(molecule)
        for index, atom in enumerate(molecule.GetAtoms()):
            charge = record["formalCharges"][index] == atom.GetFormalCharge()
            count("formal charges", charge, name)
            whole &= charge
            count("smallest ring of atoms", record["atomRingSizes"][index] == rings.MinAtomRingSize(index), name)
            aromatic = record["aromaticAtoms"][index] == atom.GetIsAromatic()
            count("aromatic atoms", aromatic, name)
            whole &= aromatic
            hybridisation = HYBRIDISATIONS.get(str(atom.GetHybridization()), -1)
            count("hybridisation", record["hybridisations"][index] == hybridisation, name)
            charge_differences.append(
                (abs(record["gasteigerCharges"][index] - atom.GetDoubleProp("_GasteigerCharge")), name)
            )
        count("molecules with the same orders, charges and aromatic atoms", whole, name)
    return agree, total, examples, charge_differences


def main():
    RDLogger.DisableLog("rdApp.*")
    with open(sys.argv[1], encoding="utf-8") as file:
        records = json.load(file)
    agree, total, examples, charge_differences = compare(records)
    print(f"RDKit {rdkit.__version__}, {len(records)} molecules\n")
    print("| what | agree | of | % |\n| --- | --- | --- | --- |")
    for what in total:
        print(f"| {what} | {agree[what]} | {total[what]} | {100 * agree[what] / total[what]:.3f} |")
    differences = sorted(charge_differences)
    mean = sum(difference for difference, _ in differences) / len(differences)
    print(f"\nGasteiger charges: mean |difference| {mean:.5f} e, ", end="")
    for share in (50, 95, 99):
        print(f"{share} % below {differences[len(differences) * share // 100][0]:.5f}, ", end="")
    print(f"largest {differences[-1][0]:.4f} ({differences[-1][1]})")
    for what, names in examples.items():
        print(f"\n{what} differ in {len(names)} molecules: {', '.join(names[:12])}")


if __name__ == "__main__":
    main()
