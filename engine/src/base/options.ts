// Settings objects, checked: plain JavaScript gets no help from the compiler, and a misspelt setting that is silently
// ignored changes what a program computes.
import { ArgumentError } from './errors.ts'
import { describe } from './shape.ts'

/** Throws unless `options` is an object whose every key is one of `known`. */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new ArgumentError(
      `${where}: settings come in one object, { ${known.join(', ')} }; got ${describe(options)}`,
    )
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    const meant = known.find(k => k.toLowerCase() === key.toLowerCase())
    throw new ArgumentError(
      Object.getPrototypeOf(options) === Object.prototype
        ? `${where}: there is no setting ${JSON.stringify(key)}${meant === undefined ? '.' : `; did you mean ${meant}?`} The settings are { ${known.join(', ')} }`
        : `${where}: settings come in one object, { ${known.join(', ')} }; got ${describe(options)}`,
    )
  }
}
