import { describe, expect, test } from 'vitest'
import { parseEntry } from '../src/schema.ts'
import { toyEntry } from './toyNetwork.ts'

const author = {
  name: 'A. Chemist',
  roles: ['Software'],
  consent: { date: '2026-02-03', link: 'https://example.org/consent' },
}

describe('parseEntry', () => {
  test('accepts an entry, with or without authors', () => {
    expect(parseEntry(toyEntry)).toEqual(toyEntry)
    expect(parseEntry({ ...toyEntry, authors: [author] }).authors).toEqual([author])
  })

  test.each([
    {
      what: 'an id with capitals',
      entry: { ...toyEntry, id: 'Toy' },
      message: /entry\.json: id: /,
    },
    { what: 'a version that is none', entry: { ...toyEntry, version: '1' }, message: /version: / },
    {
      what: 'a summary too long for a card',
      entry: { ...toyEntry, summary: 'x'.repeat(281) },
      message: /summary: /,
    },
    { what: 'another licence', entry: { ...toyEntry, licence: 'GPL-3.0' }, message: /licence: / },
    { what: 'no citation', entry: { ...toyEntry, citations: [] }, message: /citations: / },
    { what: 'an unknown field', entry: { ...toyEntry, sumary: 'typo' }, message: /sumary/ },
    {
      what: 'a link that is none',
      entry: { ...toyEntry, originator: { ...toyEntry.originator, links: ['here'] } },
      message: /originator\.links\.0: /,
    },
    {
      what: 'an author without consent',
      entry: { ...toyEntry, authors: [{ name: 'A. Chemist', roles: ['Software'] }] },
      message: /authors\.0\.consent: /,
    },
    {
      what: 'an author without a role',
      entry: { ...toyEntry, authors: [{ ...author, roles: [] }] },
      message: /authors\.0\.roles: /,
    },
    { what: 'no object at all', entry: null, message: /entry\.json: / },
  ])('refuses $what', ({ entry, message }) => {
    expect(() => parseEntry(entry)).toThrow(message)
  })

  test('names every field with a problem', () => {
    expect(() => parseEntry({ ...toyEntry, id: '', name: '' })).toThrow(/id: .*; name: /)
  })
})
