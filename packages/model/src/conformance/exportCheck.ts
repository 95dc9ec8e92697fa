import { exportNetwork } from '../exportNetwork.ts'
import { broken } from './compare.ts'
import { extremeMolecules } from './molecules.ts'
import type { Subject } from './Subject.ts'

/** The network can become a file for other programs, in which every axis has any length. */
export async function checkExported(subject: Subject): Promise<void> {
  if (subject.model.kind === 'fitted') return
  // Compares the file with `predict`, where ONNX Runtime is there.
  const { fixed } = await exportNetwork(await subject.trained(), extremeMolecules())
  const [first] = Object.entries(fixed)
  if (!first) return
  const [axis, { reason }] = first
  throw broken(subject.model, `the exported network takes one length of ${axis} alone: ${reason}.`)
}
