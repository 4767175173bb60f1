// `chainrule/io`: tensors to and from bytes.
import '../tensor/methods.ts'

export { decodeSafetensors, encodeSafetensors, type SafeTensors } from './safetensors.ts'
