// Reading option values: what cannot be read is a usage error that says what was expected.
import { InvalidArgumentError } from 'commander'

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
  }
}

/** A finite number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

/** A share from 0 to 0.9. */
export function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 0.9) return value
  throw new InvalidArgumentError('It must be a share from 0 to 0.9, such as 0.2.')
}

/** Sizes of layers: `64,64`. */
export function layerSizes(text: string): number[] {
  const sizes = text.split(',').map(Number)
  if (sizes.every(size => Number.isSafeInteger(size) && size >= 1 && size <= 65536)) return sizes
  throw new InvalidArgumentError('It must be sizes of layers, such as 64,64.')
}

/** Names between commas. A comma inside a name is written as \\, */
export function nameList(text: string): string[] {
  const names = text
    .split(/(?<!\\),/)
    .map(name => name.replaceAll('\\,', ',').trim())
    .filter(name => name !== '')
  if (names.length > 0) return names
  throw new InvalidArgumentError('It must be names of columns, such as prompt_tokens,queue_s.')
}
