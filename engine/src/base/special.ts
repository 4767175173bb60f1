// Special functions of one float64 number, for the kernels above this layer. The pieces live in special/.
export { erf, erfc } from './special/erf.ts'
