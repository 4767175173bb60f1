// All of the playground that needs the engine, or is needed only once something is done: fetched together, when the reader
// first reaches for a control.
export { fromFragment, toFragment } from './address.ts'
export { presetData } from './preset-data.ts'
export { sharesOf } from './surface.ts'
export { Trainer } from './trainer.ts'
