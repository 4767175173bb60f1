// Which terms are never negative, whatever the numbers (NaN apart).
import type { Term } from '../../core/kernel.ts'
import type { Body } from '../body.ts'

const functions: ReadonlySet<string> = new Set(['exp', 'sigmoid', 'softplus', 'cosh', 'erfc'])

export function isNotNegative(body: Body, t: Term): boolean {
  const term = body.term(t)
  if (term.kind === 'constant') return term.x >= 0
  if (term.kind === 'math') return functions.has(term.name)
  if (term.kind !== 'op') return false
  const [a, b, c] = term.args as readonly [Term, Term, Term]
  switch (term.op) {
    case 'abs':
    case 'sqrt':
      return true
    case 'mul':
      return a === b || (isNotNegative(body, a) && isNotNegative(body, b))
    case 'add':
      return isNotNegative(body, a) && isNotNegative(body, b)
    case 'max':
      return isNotNegative(body, a) || isNotNegative(body, b)
    case 'select':
      return isNotNegative(body, b) && isNotNegative(body, c)
    default:
      return false
  }
}
