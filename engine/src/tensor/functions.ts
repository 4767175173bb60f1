// Every operation as a typed function: add(a, b) beside a.add(b). The definitions stand in primitives/ and composites/;
// in functions/ each gets the signature that lets shapes flow through the compiler.
export * from './functions/arithmetic.ts'
export * from './functions/compare.ts'
export * from './functions/contract.ts'
export * from './functions/elementary.ts'
export * from './functions/identity.ts'
export * from './functions/indexing.ts'
export * from './functions/layers.ts'
export * from './functions/losses.ts'
export * from './functions/movement.ts'
export * from './functions/reduce.ts'
export * from './functions/special.ts'
export * from './functions/windows.ts'
