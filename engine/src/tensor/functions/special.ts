// Special functions as typed functions.

import * as special from '../../primitives/elementwise/special.ts'
import * as elementwise from '../composites/elementwise.ts'
import { type Face, guarded, typed } from './typed.ts'

export const entr: Face<typeof special.entr> = typed(special.entr)
export const erfcx: Face<typeof special.erfcx> = typed(special.erfcx)
export const erfinv: Face<typeof special.erfinv> = typed(special.erfinv)
export const ndtri: Face<typeof special.ndtri> = typed(special.ndtri)
export const logNdtr: Face<typeof special.logNdtr> = typed(special.logNdtr)
export const lgamma: Face<typeof special.lgamma> = typed(special.lgamma)
export const digamma: Face<typeof special.digamma> = typed(special.digamma)
export const polygamma: Face<typeof special.polygamma> = guarded('polygamma', special.polygamma)
export const i0: Face<typeof special.i0> = typed(special.i0)
export const i0e: Face<typeof special.i0e> = typed(special.i0e)
export const i1: Face<typeof special.i1> = typed(special.i1)
export const i1e: Face<typeof special.i1e> = typed(special.i1e)
export const xlogy: Face<typeof elementwise.xlogy> = typed(elementwise.xlogy)
export const xlog1py: Face<typeof elementwise.xlog1py> = typed(elementwise.xlog1py)
export const sinc: Face<typeof elementwise.sinc> = typed(elementwise.sinc)
export const logit: Face<typeof elementwise.logit> = guarded('logit', elementwise.logit)
export const ndtr: Face<typeof elementwise.ndtr> = typed(elementwise.ndtr)
export const mvlgamma: Face<typeof elementwise.mvlgamma> = guarded('mvlgamma', elementwise.mvlgamma)
export const vander: Face<typeof elementwise.vander> = guarded('vander', elementwise.vander)
