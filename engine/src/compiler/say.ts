// What the compiler has to say goes to the console, where there is one.
const host = globalThis as unknown as {
  readonly console?: { log(text: string): void; warn(text: string): void }
}
const said = new Set<string>()

export function say(text: string): void {
  host.console?.log(text)
}

/** Warns, once for each text. */
export function sayOnce(text: string): void {
  if (said.has(text)) return
  said.add(text)
  host.console?.warn(text)
}
