// What a value has instead of numbers while a function is traced.
import type { DataArray } from '../base/dtype.ts'
import { CompileError } from '../base/errors.ts'
import { formatShape } from '../base/shape.ts'
import { userLine } from '../core/source-line.ts'
import type { Source, Value } from '../core/value.ts'
import type { GraphNode } from './graph.ts'

/** The trace that a place belongs to. */
interface Owner {
  readonly running: boolean
  refuse(message: string): CompileError
}

/** Where a traced value stands in its graph. */
export class Place implements Source {
  readonly shareable = true
  readonly trace: Owner
  readonly node: GraphNode
  readonly weak: boolean

  constructor(trace: Owner, node: GraphNode, weak = false) {
    this.trace = trace
    this.node = node
    this.weak = weak
  }

  read(value: Value): DataArray {
    const line = userLine()
    const what = `a tensor of shape ${formatShape(value.shape)}`
    if (!this.trace.running) {
      throw new CompileError(
        `the numbers of ${what} are read, which a compiled function computed but did not return${line === null ? '' : `, at ${line}`}. Return it from the function`,
      )
    }
    throw this.trace.refuse(
      `the numbers of ${what} are read while compile() traces the function, when there are none yet (item, toArray, data, printing, or an operation whose result's shape depends on them)${line === null ? '' : `, at ${line}`}. ` +
        'Return the tensor and read it outside, or choose between values with where()',
    )
  }
}
