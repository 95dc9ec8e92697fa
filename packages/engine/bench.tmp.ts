import * as tf from '@tensorflow/tfjs'
import ort from 'onnxruntime-node'
import { compileGraph } from './src/compileGraph.ts'
import { sizeOf } from './src/arrays.ts'
const gt: any = await import('/tmp/t/bench/gt.mjs' as string)
const mp: any = await import('/tmp/t/bench/mpnn.mjs' as string)
const tr: any = await import('/tmp/t/bench/trace.mjs' as string)
const lo: any = await import('/tmp/t/bench/lower.mjs' as string)
await tf.setBackend('cpu')
const tracer = tr.makeTracer(tf)
for (const [tag, M] of [['gt', gt], ['mp', mp]] as const) {
  const P = M.initParams(), B = M.makeBatch()
  const names = Object.keys(P)
  const ph = (o: any, pre: string) => Object.entries(o).map(([k, v]: any) => ({ name: pre + k, shape: v.shape, dtype: v.dtype ?? 'float32' }))
  const inputs = [...ph(P, 'p:'), ...ph(B, 'b:')]
  const build = (t: any) => {
    const b = Object.fromEntries(Object.keys(B).map((k) => [k, t['b:' + k]]))
    const g = tf.valueAndGrads(((...xs: any[]) => M.loss(tf, Object.fromEntries(names.map((n, i) => [n, xs[i]])), b)) as any)
    const { value, grads } = g(names.map((n) => t['p:' + n]))
    return { loss: value, ...Object.fromEntries(names.map((n, i) => ['g:' + n, grads[i]!])) }
  }
  let graph: any
  for (let i = 0; i < 3; i++) { const t0 = performance.now(); const n0 = tf.memory().numTensors; graph = compileGraph(inputs, build); console.log(tag, 'compile ms', (performance.now() - t0).toFixed(0), 'leak', tf.memory().numTensors - n0, graph.size, graph.onnx.length) }
  // prototype
  await tf.setBackend('trace'); tracer.be.reset()
  const pt = Object.fromEntries(inputs.map((i) => [i.name, tracer.placeholder(i.shape, i.dtype, i.name)]))
  const res = build(pt)
  const proto = lo.lower(Object.entries(res).map(([name, t]) => ({ name, ref: tracer.ref(t) })), {})
  
  await tf.setBackend('cpu')
  const feedsOf = (list: any[]) => Object.fromEntries(list.map((i: any) => { const [g, k] = [i.name[0], i.name.slice(2)]; const v = g === 'b' ? B[k] : P[k]; return [i.name, new ort.Tensor(v.dtype ?? 'float32', v.data, v.shape)] }))
  const so: any = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 3 }
  const sa = await ort.InferenceSession.create(graph.onnx, so), sb = await ort.InferenceSession.create(proto.buf, so)
  const fa = feedsOf(graph.inputs), fb = feedsOf(proto.inputs)
  const ta: number[] = [], tb: number[] = []
  let oa: any, ob: any
  for (let i = 0; i < 9; i++) { let t = performance.now(); oa = await sa.run(fa); ta.push(performance.now() - t); t = performance.now(); ob = await sb.run(fb); tb.push(performance.now() - t) }
  let worst = 0, where = '', nan = 0
  for (const k of Object.keys(ob)) { const x = oa[k].data, y = ob[k].data; let m = 0; for (let i = 0; i < y.length; i++) m = Math.max(m, Math.abs(y[i])); for (let i = 0; i < y.length; i++) { if (Number.isNaN(x[i]) || Number.isNaN(y[i])) nan++; const e = Math.abs(x[i] - y[i]) / (m + 1e-6); if (e > worst) { worst = e; where = k } } }
  let total = 0, diff = 0; for (const k of Object.keys(ob)) { const x = oa[k].data, y = ob[k].data; for (let i = 0; i < y.length; i++) { total += Math.abs(y[i]); diff += Math.abs(x[i]-y[i]) } } console.log('total', total, 'difference', diff, Object.keys(ob).length)
  const med = (a: number[]) => a.slice(1).sort((x, y) => x - y)[4]!.toFixed(1)
  console.log(tag, 'mine', med(ta), Math.min(...ta).toFixed(1), 'prototype', med(tb), Math.min(...tb).toFixed(1), 'loss', oa.loss.data[0], ob.loss.data[0], 'nan', nan, 'worst', worst, where)
  if (process.env.PROF) { const so2 = { ...so, enableProfiling: true, profileFilePrefix: '/tmp/t/bench/' + tag + process.env.PROF }; for (const [n, buf, f] of [['mine', graph.onnx, fa], ['proto', proto.buf, fb]] as any) { const s = await ort.InferenceSession.create(buf, { ...so2, profileFilePrefix: so2.profileFilePrefix + n }); for (let i = 0; i < 6; i++) await s.run(f); (s as any).endProfiling?.(); (s as any).handler?.endProfiling?.(); await s.release() } }
}
