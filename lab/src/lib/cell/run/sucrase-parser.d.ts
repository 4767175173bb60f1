// Sucrase's parser, which its transform uses, is reached by path; its types stand elsewhere in the package.
declare module 'sucrase/dist/parser/index.js' {
  export { parse } from 'sucrase/dist/types/parser/index'
}
declare module 'sucrase/dist/parser/tokenizer/index.js' {
  export { IdentifierRole, type Token } from 'sucrase/dist/types/parser/tokenizer/index'
}
declare module 'sucrase/dist/parser/tokenizer/types.js' {
  export { TokenType } from 'sucrase/dist/types/parser/tokenizer/types'
}
