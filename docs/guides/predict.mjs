/**
 * Couplings from a network that `couplet export` wrote and features that `couplet features` wrote: in a browser with
 * onnxruntime-web, in Node with onnxruntime-node.
 *
 * @param ort the module `onnxruntime-web` or `onnxruntime-node`.
 * @param {Uint8Array} network contents of the ONNX file.
 * @param {ArrayBuffer} features contents of the safetensors file.
 * @throws Error if the features were made for another network.
 * @returns {Promise<{ molecule: string, atoms: [number, number], type: string, hertz: number }[]>} one for each coupled pair.
 */
export async function predict(ort, network, features) {
  const { arrays, notes } = readSafetensors(features)
  // The network's file names the features that it takes, among texts that the runtime does not show.
  if (!new TextDecoder('latin1').decode(network).includes(notes.features)) {
    throw new Error(
      'The features were made for another network: make them with --run of the run exported.',
    )
  }
  const session = await ort.InferenceSession.create(network)
  const inputs = session.inputNames.map((name) => {
    const { dtype, shape, data } = arrays[name]
    return [name, new ort.Tensor(dtype, data, shape)]
  })
  const { couplings } = await session.run(Object.fromEntries(inputs))
  await session.release()

  const [molecules, types] = [JSON.parse(notes.molecules), JSON.parse(notes.types)]
  // The first rows are the coupled pairs; what follows is padding.
  return Array.from(arrays['table/molecules'].data, (molecule, row) => ({
    molecule: molecules[molecule],
    atoms: [...arrays['table/atoms'].data.subarray(2 * row, 2 * row + 2)],
    type: types[arrays['table/types'].data[row]],
    hertz: couplings.data[row],
  }))
}

/** The arrays of a safetensors file and its texts: eight bytes of length, a header in JSON, the values. */
function readSafetensors(buffer) {
  const start = 8 + Number(new DataView(buffer).getBigUint64(0, true))
  const header = new TextDecoder().decode(new Uint8Array(buffer, 8, start - 8))
  const { __metadata__: notes, ...entries } = JSON.parse(header)
  const arrays = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const bytes = buffer.slice(start + from, start + to)
      return [
        name,
        dtype === 'I32'
          ? { dtype: 'int32', shape, data: new Int32Array(bytes) }
          : { dtype: 'float32', shape, data: new Float32Array(bytes) },
      ]
    },
  )
  return { arrays: Object.fromEntries(arrays), notes }
}
