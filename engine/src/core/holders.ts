// Objects whose fields hold tensors that functions reach through them: modules. A compiled function looks at these fields, so
// that a tensor put in the place of another is noticed.
import { Value } from './value.ts'

/** A field and what stood in it. */
export interface Field {
  readonly holder: Readonly<Record<string, unknown>>
  readonly key: string
  readonly value: unknown
}

const holders = new Set<WeakRef<object>>()
const gone = new FinalizationRegistry<WeakRef<object>>(reference => holders.delete(reference))

/** Lets compiled functions know of `holder`, as long as it lives. */
export function registerHolder(holder: object): void {
  const reference = new WeakRef(holder)
  holders.add(reference)
  gone.register(holder, reference)
}

/**
 * The fields through which holders, or arrays and plain objects in them, lead to one of `values`; and beside them what has
 * no tensor but may get one, or be replaced by what computes something else: activations, fields that are null, and how
 * many modules an array has.
 */
export function fieldsTo(values: ReadonlySet<unknown>): Field[] {
  const found: Field[] = []
  const known = new Map<object, boolean>()
  const watched = new Set<object>()
  const registered = new Set<unknown>()
  for (const reference of holders) registered.add(reference.deref())
  const leads = (holder: object): boolean => {
    const before = known.get(holder)
    if (before !== undefined) return before
    // What leads back to itself is on its way already.
    known.set(holder, false)
    const beside: Field[] = []
    let any = false
    for (const field of fieldsOf(holder)) {
      const { value } = field
      const isOne = value instanceof Value ? values.has(value) : isHolder(value, registered) && leads(value)
      if (isOne) found.push(field)
      else if (value == null || isHolder(value, registered)) beside.push(field)
      any ||= isOne
    }
    known.set(holder, any)
    if (any) watch(holder, beside)
    return any
  }
  /** Adds `beside`, fields of `holder` that lead nowhere, and what they hold. */
  const watch = (holder: object, beside: readonly Field[]): void => {
    found.push(...beside)
    if (Array.isArray(holder)) found.push({ holder: holder as never, key: 'length', value: holder.length })
    for (const { value } of beside) {
      if (!isHolder(value, registered) || watched.has(value)) continue
      watched.add(value)
      const own = fieldsOf(value).filter(field => field.value == null || isHolder(field.value, registered))
      // Of arrays those of modules: others are data, and may be long.
      if (!Array.isArray(value) || (own.length > 0 && own.every(field => registered.has(field.value))))
        watch(value, own)
    }
  }
  for (const holder of registered) if (holder !== undefined) leads(holder as object)
  return found
}

function fieldsOf(holder: object): Field[] {
  return Object.entries(holder).map(([key, value]) => ({ holder: holder as Field['holder'], key, value }))
}

function isHolder(x: unknown, registered: ReadonlySet<unknown>): x is object {
  if (typeof x !== 'object' || x === null) return false
  return Array.isArray(x) || registered.has(x) || Object.getPrototypeOf(x) === Object.prototype
}
