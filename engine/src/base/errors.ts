// Errors are part of the interface: each says what happened, where, both shapes or values, and what to write instead.

/** Base class of every error that Chainrule throws on purpose. */
export class ChainruleError extends Error {
  override name = 'ChainruleError'
}

/** Shapes that do not fit each other or the operation. */
export class ShapeError extends ChainruleError {
  override name = 'ShapeError'
}

/** A dtype that the operation does not take, or a value that the dtype cannot hold. */
export class DTypeError extends ChainruleError {
  override name = 'DTypeError'
}

/** An argument out of its range or of the wrong kind. */
export class ArgumentError extends ChainruleError {
  override name = 'ArgumentError'
}

/** A use of gradients that has no meaning: a freed graph, an unused input, a root that is not a scalar. */
export class GradientError extends ChainruleError {
  override name = 'GradientError'
}

/** A value was used as a plain JavaScript number or boolean. */
export class CoercionError extends ChainruleError {
  override name = 'CoercionError'
}

/** Where anomaly mode stopped: the first value that is not finite. */
export interface AnomalyPlace {
  /** The pass that made the value. */
  readonly pass: 'forward' | 'backward'
  /** The primitive, or the composite it stands in. */
  readonly op: string
  /** Multi-index of the first non-finite element. */
  readonly index: readonly number[]
  /** The offending value: NaN, Infinity or -Infinity. */
  readonly value: number
  /** `file:line:column` of the user's call that recorded the op, where the runtime tells it. */
  readonly line: string | null
}

/** Thrown in anomaly mode at the first value that is not finite. */
export class AnomalyError extends ChainruleError {
  override name = 'AnomalyError'
  readonly place: AnomalyPlace
  constructor(message: string, place: AnomalyPlace) {
    super(message)
    this.place = place
  }
}

/** What cannot be compiled: numbers read, or decided by, while a function is traced rather than run. */
export class CompileError extends ChainruleError {
  override name = 'CompileError'
}
