// The compiler's public face.
export { type CompiledFunction, type CompiledStats, type CompileOptions, compile } from './compile.ts'
export { setThreads } from './threads.ts'
