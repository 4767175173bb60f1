// Texts that build/plugin.ts provides.
declare module 'virtual:cell-frame' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: a module that is one text
  export default text
}
declare module 'virtual:cell-runtime' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: a module that is one text
  export default text
}
declare module 'virtual:cell-engine' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: a module that is one text
  export default text
}
