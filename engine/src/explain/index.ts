// `chainrule/explain`: why a gradient is what it is, path by path.
export { explain } from './explain.ts'
export { Explanation } from './explanation.ts'
export { named } from './named.ts'
export type { ExplainOptions } from './options.ts'
export type {
  Cut,
  DeadEdge,
  FiniteDifference,
  NonFiniteOrigin,
  Path,
  PathNode,
  Signal,
  TraceRow,
  Use,
  Verdict,
} from './types.ts'
