const images =
  'Image ops are left out. Write it with tf.gather (or tf.slice and tf.concat), tf.matMul and reductions.'
const convolution =
  'Convolutions are left out. Take the window with tf.gather (or tf.slice and tf.concat), then use tf.matMul.'
const pooling =
  'Pooling is left out. Take the window with tf.gather (or tf.reshape), then use tf.max or tf.mean.'
const complex =
  'Complex numbers are left out. Carry the real and the imaginary part as two real tensors.'
const text = 'Text is left out. Turn it into numbers before, and feed those as an input.'
const dynamic =
  'The shape of its result depends on values. Compute it before, and feed it as a padded input.'
const counts = 'Use tf.unsortedSegmentSum of ones.'
const sparse = 'Use tf.gather and tf.unsortedSegmentSum.'
const search = 'Compare with tf.greater or tf.less and add up with tf.sum.'

/**
 * tfjs kernels that cannot be compiled, each with the nearest way to write it in ops that can be compiled and differentiated. Kernels of TensorFlow.js
 * that are neither here nor among the recorded ones do not exist; a test sees to that.
 */
export const unsupportedKernels: Readonly<Record<string, string>> = {
  AvgPool: pooling,
  AvgPool3D: pooling,
  AvgPool3DGrad: pooling,
  AvgPoolGrad: pooling,
  BatchToSpaceND: 'Use tf.reshape, tf.transpose and tf.slice.',
  Bincount: counts,
  BitwiseAnd: 'Use tf.logicalAnd of booleans, or tf.mod and tf.floorDiv.',
  BroadcastArgs: 'Shapes are known while compiling: compute them in JavaScript.',
  BroadcastTo: 'Use tf.broadcastTo.',
  Complex: complex,
  ComplexAbs: complex,
  Conv2D: convolution,
  Conv2DBackpropFilter: convolution,
  Conv2DBackpropInput: convolution,
  Conv3D: convolution,
  Conv3DBackpropFilterV2: convolution,
  Conv3DBackpropInputV2: convolution,
  CropAndResize: images,
  DenseBincount: counts,
  DepthToSpace: 'Use tf.reshape and tf.transpose.',
  DepthwiseConv2dNative: convolution,
  DepthwiseConv2dNativeBackpropFilter: convolution,
  DepthwiseConv2dNativeBackpropInput: convolution,
  Diag: 'Multiply by tf.eye.',
  Dilation2D: images,
  Dilation2DBackpropFilter: images,
  Dilation2DBackpropInput: images,
  Draw: images,
  FFT: complex,
  FlipLeftRight: 'Use tf.reverse.',
  FromPixels: images,
  FusedConv2D: convolution,
  FusedDepthwiseConv2D: convolution,
  IFFT: complex,
  Imag: complex,
  LogSoftmax: 'Use tf.logSoftmax, which consists of other kernels.',
  LogicalXor: 'Use tf.logicalXor, which consists of other kernels.',
  LRN: 'Use tf.square, tf.cumsum and tf.slice for the sums over neighbouring channels, or layer normalisation.',
  LRNGrad: images,
  LowerBound: search,
  MatrixBandPart: 'Use tf.linalg.bandPart.',
  MaxPool: pooling,
  MaxPool3D: pooling,
  MaxPool3DGrad: pooling,
  MaxPoolGrad: pooling,
  MaxPoolWithArgmax: pooling,
  MirrorPad:
    'TensorFlow.js differentiates it wrongly, too. Use tf.concat of tf.slice and tf.reverse.',
  Multinomial: 'Take random numbers from context.random and compare them.',
  NonMaxSuppressionV3: dynamic,
  NonMaxSuppressionV4: dynamic,
  NonMaxSuppressionV5: dynamic,
  Pool: pooling,
  RaggedGather: dynamic,
  RaggedRange: dynamic,
  RaggedTensorToTensor: dynamic,
  Real: complex,
  ResizeBilinear: images,
  ResizeBilinearGrad: images,
  ResizeNearestNeighbor: images,
  ResizeNearestNeighborGrad: images,
  RotateWithOffset: images,
  SearchSorted: search,
  SpaceToBatchND: 'Use tf.pad, tf.reshape and tf.transpose.',
  SparseFillEmptyRows: dynamic,
  SparseReshape: sparse,
  SparseSegmentMean: 'Use tf.gather, tf.unsortedSegmentSum and a division by the counts.',
  SparseSegmentSum: sparse,
  SparseToDense: 'Use tf.scatterND.',
  StaticRegexReplace: text,
  StringNGrams: text,
  StringSplit: text,
  StringToHashBucketFast: text,
  TensorScatterUpdate: 'Use tf.scatterND, and tf.where with a mask.',
  TopK: 'Use tf.max, or tf.argMax and tf.oneHot, once for each.',
  Transform: images,
  Unique: dynamic,
  UpperBound: search,
}

/** The nearest way to write what a kernel does, as a sentence. */
export function adviceFor(kernel: string): string {
  return (
    unsupportedKernels[kernel] ??
    'Write it with other tf ops, or compute it before and feed it as an input.'
  )
}
