import { InvalidArgumentError, Option } from 'commander'
import type { Capacity } from '@couplet/model'

/** `--capacity`: lengths of the axes of a batch. */
export function capacityOption(about: string): Option {
  return new Option('--capacity <axis=rows...>', about).argParser(addCapacity).default({}, 'none')
}

function addCapacity(text: string, earlier: Capacity): Capacity {
  const [, axis, rows] = /^([a-z]\w*)=(\d{1,6})$/i.exec(text) ?? []
  if (axis === undefined || Number(rows) < 1) {
    throw new InvalidArgumentError('Give axis=rows with a whole number of rows, as in atoms=200.')
  }
  return { ...earlier, [axis]: Number(rows) }
}
