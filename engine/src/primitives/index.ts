// The closed table of primitives. An operation of the engine is one of these or a composite of them.
import type { Primitive } from '../core/value.ts'
import { aliasPrimitive, castPrimitive, detachPrimitive } from './cast.ts'
import { matmulPrimitive } from './contract.ts'
import { cumulativePositionPrimitive } from './cumulative.ts'
import * as arithmetic from './elementwise/arithmetic.ts'
import * as compare from './elementwise/compare.ts'
import { addPrimitive, mulPrimitive, notPrimitive, wherePrimitive } from './elementwise/family.ts'
import * as math from './elementwise/math.ts'
import * as special from './elementwise/special.ts'
import { gatherPrimitive, indexAddPrimitive, indexSelectPrimitive, scatterAddPrimitive } from './indexing.ts'
import { catPrimitive, flipPrimitive, padPrimitive, permutePrimitive, slicePrimitive } from './movement.ts'
import {
  allPrimitive,
  amaxPrimitive,
  aminPrimitive,
  anyPrimitive,
  argmaxPrimitive,
  argminPrimitive,
  prodPrimitive,
} from './reduce.ts'
import { cumsumPrimitive, recurrencePrimitive } from './scan.ts'
import { argsortPrimitive } from './sort.ts'
import { expandPrimitive, reshapePrimitive, sumPrimitive } from './structure.ts'
import { overlapAddPrimitive, windowsPrimitive } from './window.ts'
import { lastWriterPrimitive, membersPrimitive } from './writers.ts'

/** Every primitive, in the order of the families. Parameters differ from one to the next, so their type is erased. */
export const primitives: readonly Primitive[] = [
  // elementwise: arithmetic
  addPrimitive,
  arithmetic.subPrimitive,
  mulPrimitive,
  arithmetic.divPrimitive,
  arithmetic.negPrimitive,
  arithmetic.squarePrimitive,
  arithmetic.reciprocalPrimitive,
  arithmetic.signPrimitive,
  arithmetic.absPrimitive,
  arithmetic.maximumPrimitive,
  arithmetic.minimumPrimitive,
  arithmetic.clampPrimitive,
  arithmetic.floorPrimitive,
  arithmetic.ceilPrimitive,
  arithmetic.truncPrimitive,
  arithmetic.roundPrimitive,
  // elementwise: functions
  math.expPrimitive,
  math.expm1Primitive,
  math.logPrimitive,
  math.log1pPrimitive,
  math.sqrtPrimitive,
  math.rsqrtPrimitive,
  math.sinPrimitive,
  math.cosPrimitive,
  math.tanPrimitive,
  math.asinPrimitive,
  math.acosPrimitive,
  math.atanPrimitive,
  math.sinhPrimitive,
  math.coshPrimitive,
  math.tanhPrimitive,
  math.asinhPrimitive,
  math.acoshPrimitive,
  math.atanhPrimitive,
  math.sigmoidPrimitive,
  math.softplusPrimitive,
  math.erfPrimitive,
  math.erfcPrimitive,
  math.reluPrimitive,
  math.powPrimitive,
  math.atan2Primitive,
  // elementwise: special functions and remainders
  special.log2Primitive,
  special.log10Primitive,
  special.entrPrimitive,
  special.erfcxPrimitive,
  special.erfinvPrimitive,
  special.ndtriPrimitive,
  special.logNdtrPrimitive,
  special.lgammaPrimitive,
  special.digammaPrimitive,
  special.polygammaPrimitive,
  special.i0Primitive,
  special.i0ePrimitive,
  special.i1Primitive,
  special.i1ePrimitive,
  special.fmodPrimitive,
  special.remainderPrimitive,
  // elementwise: comparison and choice
  compare.eqPrimitive,
  compare.nePrimitive,
  compare.ltPrimitive,
  compare.lePrimitive,
  compare.logicalAndPrimitive,
  compare.logicalOrPrimitive,
  notPrimitive,
  wherePrimitive,
  // reductions and scans
  sumPrimitive,
  prodPrimitive,
  amaxPrimitive,
  aminPrimitive,
  anyPrimitive,
  allPrimitive,
  argmaxPrimitive,
  argminPrimitive,
  cumsumPrimitive,
  recurrencePrimitive,
  cumulativePositionPrimitive,
  // movement
  reshapePrimitive,
  permutePrimitive,
  expandPrimitive,
  flipPrimitive,
  slicePrimitive,
  padPrimitive,
  catPrimitive,
  castPrimitive,
  aliasPrimitive,
  detachPrimitive,
  // contraction
  matmulPrimitive,
  // windows
  windowsPrimitive,
  overlapAddPrimitive,
  // indexing and sorting
  gatherPrimitive,
  scatterAddPrimitive,
  indexSelectPrimitive,
  indexAddPrimitive,
  lastWriterPrimitive,
  membersPrimitive,
  argsortPrimitive,
] satisfies readonly unknown[] as readonly unknown[] as readonly Primitive[]
