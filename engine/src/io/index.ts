// `chainrule/io`: tensors to and from bytes.
export { decodeSafetensors, encodeSafetensors, type SafeTensors } from './safetensors.ts'
