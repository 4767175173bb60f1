// `chainrule/check`: is a gradient right?
import '../tensor/methods.ts'

export { type GradcheckOptions, gradcheck } from './gradcheck.ts'
export { type ElementCounts, GradcheckReport, type WorstEntry } from './report.ts'
export type { CheckedFunction } from './subject.ts'
