/** Gives an operation on values its face for users. The signature is the caller's claim, held by the type tests. */
export function typed<F>(operation: (...args: never[]) => unknown): F {
  return operation as unknown as F
}
