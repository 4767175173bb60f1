// From what stands in the boxes to what is said of it.
import { type Asked, asList, type Judgement, judge } from './diagnose.ts'
import { parseAnswer } from './parse.ts'

export type Reply = { readonly unread: string } | Judgement

/** Judges the texts of the boxes. A whole vector in the first box, the others empty, is taken as all of them. */
export function reply(asked: Asked, boxes: readonly string[]): Reply {
  const wanted = asList(asked.model.answer(asked.vars)).length
  const filled = boxes.filter(text => text.trim() !== '')
  if (filled.length === 0) return { unread: wanted === 1 ? 'Write a number first.' : 'Fill the boxes first.' }
  if (filled.length === 1 && (boxes.length === 1 || boxes[0]?.trim() !== '')) {
    const whole = parseAnswer(filled[0] as string, wanted)
    if ('values' in whole) return judge(asked, whole.values)
    if (boxes.length === 1) return whole
  }
  const values: number[] = []
  for (const [i, text] of boxes.entries()) {
    const name = asked.labels[i] ?? `box ${i + 1}`
    if (text.trim() === '') return { unread: `Still empty: ${name}.` }
    const parsed = parseAnswer(text, 1)
    if ('unread' in parsed) return { unread: `${name}: ${parsed.unread}` }
    values.push(parsed.values[0] as number)
  }
  return judge(asked, values)
}
