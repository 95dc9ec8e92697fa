// A program in the place of label.py: does what the name of the molecule's source says, by the number of its atoms.
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'

const [behaviour, log, jobPath, resultPath] = process.argv.slice(2)
const job = JSON.parse(readFileSync(jobPath, 'utf8'))
const held = job.torsion ? ` ${job.torsion.atoms.join('-')} ${job.torsion.degrees}` : ''
appendFileSync(log, `${job.task} ${job.elements.join('')}${held}\n`)
const facts = { cpu_seconds: 1, peak_mb: 50, stable: behaviour !== 'unstable' }
const good = {
  couplings: job.pairs?.map(([i, j]) => [100 * i + j, 0.5, 0.25, 0.125]),
  energy: -40,
  mulliken: job.elements.map(() => 0),
  dipole: [0, 0, 0],
  ...facts,
}
const write = (value) => writeFileSync(resultPath, value)
// Methane always works, so that each failure stands beside a success.
const act = job.elements[0] === 'C' ? 'good' : behaviour
if (job.task === 'geometry') {
  const stretch = act === 'stretch' ? 3 : 1
  const side = act === 'mirror' ? -1 : 1
  const positions = job.positions.map(([x, y, z]) => [side * x, y, z].map((at) => stretch * at))
  write(JSON.stringify({ positions, converged: act !== 'loose', ...facts }))
} else if (act === 'crash') {
  console.error('first\nSegmentation of the second line')
  process.exit(9)
} else if (act === 'silent') process.exit(0)
else if (act === 'garbage') write('{"couplings": [')
else if (act === 'list') write('[]')
else if (act === 'error')
  write(JSON.stringify({ error: 'the ground state did not converge', ...facts }))
else if (act === 'short') write(JSON.stringify({ ...good, couplings: good.couplings.slice(1) }))
else if (act === 'huge')
  write(JSON.stringify({ ...good, couplings: good.couplings.map(() => [9999, 0, 0, 0]) }))
else if (act === 'null')
  write(JSON.stringify({ ...good, couplings: good.couplings.map(() => [null, 0, 0, 0]) }))
else if (act === 'priority') {
  // It is changed just after the start.
  for (let tries = 0; tries < 250 && getPriority() === getPriority(process.ppid); tries++) {
    await setTimeout(20)
  }
  write(JSON.stringify({ error: `priority ${getPriority()}` }))
} else if (act === 'hang') {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  appendFileSync(log, `child ${child.pid}\n`)
  setInterval(() => {}, 1000)
} else if (act === 'memory') {
  const kept = []
  setInterval(() => kept.push(Buffer.alloc(10_000_000, 1)), 20)
} else write(JSON.stringify(good))
