// Names for traces: `named({ error, prediction })` says what the user calls these values.
import { ArgumentError } from '../base/errors.ts'
import { describe } from '../base/shape.ts'
import { Value } from '../core/value.ts'

/**
 * Gives tensors the names of their properties, for traces and messages, and returns the same object. Leaves and results
 * alike; a later name replaces an earlier one.
 *
 *     const { error, loss } = named({ error: prediction.sub(y), loss: error.square() })
 *
 * @throws ArgumentError for a property that is not a tensor.
 */
export function named<T extends Readonly<Record<string, Value>>>(values: T): T {
  for (const [name, value] of Object.entries(values)) {
    if (!(value instanceof Value)) {
      throw new ArgumentError(
        `named: ${name} is ${describe(value)}, not a tensor; write named({ ${name} }) with a tensor called ${name}`,
      )
    }
  }
  for (const [name, value] of Object.entries(values)) value.label = name
  return values
}
