import { describe, expect, test } from 'vitest'
import { indexOf, type SearchDocument, searchIn } from '../../src/lib/search/documents.ts'

const documents: SearchDocument[] = [
  {
    id: '1',
    kind: 'lesson',
    title: 'Backpropagation is chain-rule bookkeeping',
    place: 'Gradients and Backprop',
    text: 'local derivatives multiply along a path',
    address: '/learn/a/b/#c',
  },
  {
    id: '2',
    kind: 'planned',
    title: 'Training & Backpropagation',
    place: 'Preparation',
    text: '',
    address: null,
  },
  {
    id: '3',
    kind: 'term',
    title: 'gradient',
    place: 'Glossary',
    text: 'the partial derivatives, collected',
    address: '/learn/a/b/#term',
  },
]
const search = searchIn(indexOf(documents))

describe('the search', () => {
  test('finds by the start of a word, and puts what is written before what is planned', () => {
    expect(search('backprop').map(hit => hit.kind)).toEqual(['lesson', 'planned'])
    expect(search('grad')[0]).toMatchObject({ title: 'gradient', address: '/learn/a/b/#term' })
  })

  test('forgives a slip of the pen', () => {
    expect(search('gradeint').map(hit => hit.title)).toContain('gradient')
  })

  test('takes all words if it can, and any of them if not', () => {
    expect(search('chain path')).toHaveLength(1)
    expect(search('chain zebra')).toHaveLength(1)
    expect(search('zebra')).toEqual([])
  })

  test('answers nothing and endless queries in peace', () => {
    expect(search('   ')).toEqual([])
    expect(search('<script>alert(1)</script>'.repeat(1000))).toEqual([])
  })
})
