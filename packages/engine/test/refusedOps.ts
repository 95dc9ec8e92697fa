function named(kernel: string, ...ops: string[]): Record<string, string> {
  return Object.fromEntries(ops.map((op) => [op, kernel]))
}

/** Documented ops that cannot be compiled, with the kernel that is refused. */
export const refusedOps: Readonly<Record<string, string>> = {
  avgPool: 'AvgPool',
  avgPool3d: 'AvgPool3D',
  batchToSpaceND: 'BatchToSpaceND',
  bincount: 'Bincount',
  bitwiseAnd: 'BitwiseAnd',
  broadcastArgs: 'BroadcastArgs',
  ...named('Complex', 'complex', 'spectral.irfft', 'spectral.rfft', 'signal.stft'),
  ...named('Conv2D', 'conv1d', 'conv2d'),
  conv2dTranspose: 'Conv2DBackpropInput',
  conv3d: 'Conv3D',
  conv3dTranspose: 'Conv3DBackpropInputV2',
  'image.cropAndResize': 'CropAndResize',
  denseBincount: 'DenseBincount',
  depthToSpace: 'DepthToSpace',
  ...named('DepthwiseConv2dNative', 'depthwiseConv2d', 'separableConv2d'),
  diag: 'Diag',
  dilation2d: 'Dilation2D',
  'spectral.fft': 'FFT',
  'spectral.ifft': 'IFFT',
  'image.flipLeftRight': 'FlipLeftRight',
  imag: 'Imag',
  real: 'Real',
  localResponseNormalization: 'LRN',
  lowerBound: 'SearchSorted',
  upperBound: 'SearchSorted',
  searchSorted: 'SearchSorted',
  ...named('MaxPool', 'maxPool', 'pool'),
  maxPool3d: 'MaxPool3D',
  maxPoolWithArgmax: 'MaxPoolWithArgmax',
  mirrorPad: 'MirrorPad',
  'image.nonMaxSuppression': 'NonMaxSuppressionV3',
  'image.nonMaxSuppressionPadded': 'NonMaxSuppressionV4',
  'image.nonMaxSuppressionWithScore': 'NonMaxSuppressionV5',
  raggedGather: 'RaggedGather',
  raggedTensorToTensor: 'RaggedTensorToTensor',
  'image.resizeBilinear': 'ResizeBilinear',
  'image.resizeNearestNeighbor': 'ResizeNearestNeighbor',
  'image.rotateWithOffset': 'RotateWithOffset',
  'image.transform': 'Transform',
  spaceToBatchND: 'SpaceToBatchND',
  sparseFillEmptyRows: 'SparseFillEmptyRows',
  sparseReshape: 'SparseReshape',
  sparseSegmentMean: 'SparseSegmentMean',
  sparseSegmentSum: 'SparseSegmentSum',
  sparseToDense: 'SparseToDense',
  staticRegexReplace: 'StaticRegexReplace',
  stringNGrams: 'StringNGrams',
  stringSplit: 'StringSplit',
  stringToHashBucketFast: 'StringToHashBucketFast',
  tensorScatterUpdate: 'TensorScatterUpdate',
  topk: 'TopK',
  unique: 'Unique',
}

function told(what: string, ops: string): Record<string, string> {
  return Object.fromEntries(ops.split(' ').map((op) => [op, what]))
}

/** Documented functions that run no kernel which could be compiled or refused, with what becomes of them. */
export const otherOps: Readonly<Record<string, string>> = {
  meshgrid: 'Compiles, with gradient: it consists of `reshape`, `ones` and `matMul`.',
  confusionMatrix:
    'Multiplies matrices of integers, which is refused. Use `tf.unsortedSegmentSum` of ones.',
  ...told(
    'Makes a constant of the graph.',
    'buffer fill linspace ones range scalar tensor tensor1d tensor2d tensor3d tensor4d tensor5d tensor6d variable zeros',
  ),
  ...told(
    'Refused: random numbers come from `context.random` or `context.dropout`.',
    'dropout multinomial rand randomGamma randomNormal randomStandardNormal randomUniform randomUniformInt truncatedNormal',
  ),
  ...told(
    'Reads values, so it is refused: no values exist while compiling.',
    'print booleanMaskAsync whereAsync setdiff1dAsync inTopKAsync image.nonMaxSuppressionAsync image.nonMaxSuppressionPaddedAsync image.nonMaxSuppressionWithScoreAsync',
  ),
}
