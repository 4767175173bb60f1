// Special functions as typed functions.

import * as special from '../../primitives/elementwise/special.ts'
import * as elementwise from '../composites/elementwise.ts'
import { type Face, guarded, typed } from './typed.ts'

export const entr: Face<typeof special.entr> = /* @__PURE__ */ typed(special.entr)
export const erfcx: Face<typeof special.erfcx> = /* @__PURE__ */ typed(special.erfcx)
export const erfinv: Face<typeof special.erfinv> = /* @__PURE__ */ typed(special.erfinv)
export const ndtri: Face<typeof special.ndtri> = /* @__PURE__ */ typed(special.ndtri)
export const logNdtr: Face<typeof special.logNdtr> = /* @__PURE__ */ typed(special.logNdtr)
export const lgamma: Face<typeof special.lgamma> = /* @__PURE__ */ typed(special.lgamma)
export const digamma: Face<typeof special.digamma> = /* @__PURE__ */ typed(special.digamma)
export const polygamma: Face<typeof special.polygamma> = /* @__PURE__ */ guarded(
  'polygamma',
  special.polygamma,
)
export const i0: Face<typeof special.i0> = /* @__PURE__ */ typed(special.i0)
export const i0e: Face<typeof special.i0e> = /* @__PURE__ */ typed(special.i0e)
export const i1: Face<typeof special.i1> = /* @__PURE__ */ typed(special.i1)
export const i1e: Face<typeof special.i1e> = /* @__PURE__ */ typed(special.i1e)
export const xlogy: Face<typeof elementwise.xlogy> = /* @__PURE__ */ typed(elementwise.xlogy)
export const xlog1py: Face<typeof elementwise.xlog1py> = /* @__PURE__ */ typed(elementwise.xlog1py)
export const sinc: Face<typeof elementwise.sinc> = /* @__PURE__ */ typed(elementwise.sinc)
export const logit: Face<typeof elementwise.logit> = /* @__PURE__ */ guarded('logit', elementwise.logit)
export const ndtr: Face<typeof elementwise.ndtr> = /* @__PURE__ */ typed(elementwise.ndtr)
export const mvlgamma: Face<typeof elementwise.mvlgamma> = /* @__PURE__ */ guarded(
  'mvlgamma',
  elementwise.mvlgamma,
)
export const vander: Face<typeof elementwise.vander> = /* @__PURE__ */ guarded('vander', elementwise.vander)
