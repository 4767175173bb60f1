// What console.log prints, as Node prints it, of anything a program may hand over: bounded in depth and length, and
// without trusting getters, toString or cycles.

const ITEMS = 100
const DEPTH = 3
const LENGTH = 2_000
const CAUSES = 5

/** The arguments of one console.log as one text. */
export function printed(args: readonly unknown[]): string {
  const text = args.map(arg => (typeof arg === 'string' ? arg : inspect(arg, 0, []))).join(' ')
  return text.length > LENGTH ? `${text.slice(0, LENGTH)} … (${text.length - LENGTH} more characters)` : text
}

/** What an error says, and what caused it, cause after cause. */
export function errorText(error: Error): string {
  const said: string[] = []
  for (let at: unknown = error; at !== undefined && said.length < CAUSES; ) {
    if (!(at instanceof Error)) {
      said.push(printed([at]))
      break
    }
    const { name, message, cause } = at
    said.push(message === '' ? name : `${name}: ${message}`)
    at = cause
  }
  return said.join(', caused by ')
}

function inspect(value: unknown, depth: number, within: readonly unknown[]): string {
  try {
    switch (typeof value) {
      case 'string':
        return `'${value.replaceAll("'", "\\'")}'`
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value)
      case 'bigint':
        return `${value}n`
      case 'function':
        return `[Function: ${value.name || 'anonymous'}]`
      case 'object':
        return value === null ? 'null' : inspectObject(value, depth, within)
      default:
        return String(value)
    }
  } catch {
    return '[cannot be printed]'
  }
}

function inspectObject(value: object, depth: number, within: readonly unknown[]): string {
  if (value instanceof Error) return errorText(value)
  if (value instanceof Date || value instanceof RegExp) return String(value)
  if (within.includes(value)) return '[Circular]'
  const name = nameOf(value)
  if (hasOwnWords(value)) return String(value)
  if (depth > DEPTH) return `[${name === '' ? 'Object' : name}]`
  const inner = (item: unknown) => inspect(item, depth + 1, [...within, value])
  if (Array.isArray(value)) return bracketed('', '[', listed(value, value.length, inner), ']')
  if (ArrayBuffer.isView(value) && 'length' in value) {
    const items = value as unknown as ArrayLike<number>
    return bracketed(`${name}(${items.length}) `, '[', listed(items, items.length, inner), ']')
  }
  if (value instanceof Set) {
    const items = [...value]
    return bracketed(`Set(${items.length}) `, '{', listed(items, items.length, inner), '}')
  }
  if (value instanceof Map) {
    const items = [...value].map(([key, item]) => `${inner(key)} => ${inner(item)}`)
    return bracketed(
      `Map(${items.length}) `,
      '{',
      listed(items, items.length, x => x),
      '}',
    )
  }
  const entries = Object.keys(value).map(key => `${key}: ${inner((value as Record<string, unknown>)[key])}`)
  const prefix = name === 'Object' ? '' : `${name === '' ? '[Object: null prototype]' : name} `
  return bracketed(
    prefix,
    '{',
    listed(entries, entries.length, x => x),
    '}',
  )
}

/** Tensors and the like say themselves best: a class of the program or the engine that defines toString. */
function hasOwnWords(value: object): boolean {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return false
  return typeof value.toString === 'function' && value.toString !== Object.prototype.toString
}

function nameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null
  const name = prototype?.constructor?.name
  return typeof name === 'string' ? name : ''
}

function listed<T>(items: ArrayLike<T>, length: number, text: (item: T) => string): string[] {
  const parts: string[] = []
  for (let i = 0; i < Math.min(length, ITEMS); i++) parts.push(text(items[i] as T))
  if (length > ITEMS) parts.push(`... ${length - ITEMS} more item${length - ITEMS === 1 ? '' : 's'}`)
  return parts
}

function bracketed(prefix: string, open: string, parts: readonly string[], close: string): string {
  return parts.length === 0 ? `${prefix}${open}${close}` : `${prefix}${open} ${parts.join(', ')} ${close}`
}
