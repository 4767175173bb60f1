// Special functions of one float64 number, for the kernels above this layer. The pieces live in special/.
export { i0, i0e, i1, i1e } from './special/bessel.ts'
export { erf, erfc, erfcx, logNdtr } from './special/erf.ts'
export { digamma, lgamma, polygamma } from './special/gamma.ts'
export { erfinv, ndtri } from './special/inverse-normal.ts'
export { roundHalfEven } from './special/rounding.ts'
