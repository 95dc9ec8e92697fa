import { afterEach, expect, test, vi } from 'vitest'
import { fetchFile, onDemand } from '../src/client/onDemand.ts'

afterEach(() => vi.unstubAllGlobals())

test('is loaded once, for all who want it', async () => {
  const load = vi.fn<() => Promise<{ value: number }>>(async () => ({ value: 1 }))
  const get = onDemand(load)
  expect(load).not.toHaveBeenCalled()
  const [one, other] = await Promise.all([get(), get()])
  expect(other).toBe(one)
  expect(await get()).toBe(one)
  expect(load).toHaveBeenCalledTimes(1)
})

test('is tried again after it failed', async () => {
  let fails = true
  const get = onDemand(async () => {
    if (fails) throw new Error('offline')
    return 'here'
  })
  await expect(Promise.all([get(), get()])).rejects.toThrow('offline')
  fails = false
  expect(await get()).toBe('here')
})

test('an error page is no file', async () => {
  const answers = [new Response('gone', { status: 404 }), new Response('{"a":1}')]
  vi.stubGlobal('fetch', async () => answers.shift()!)
  await expect(fetchFile('/x.json')).rejects.toThrow('/x.json: 404')
  expect(await (await fetchFile('/x.json')).json()).toEqual({ a: 1 })
})
