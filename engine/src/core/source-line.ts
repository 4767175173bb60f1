// Finds the user's line in a stack trace: the innermost frame outside the engine's own files.

const here = (import.meta as unknown as { url: string }).url
/** The folder (or, in somebody's bundle, the file) whose frames are the engine's own. */
const own = here.replace(/\/core\/source-line\.[jt]s.*$|\/bundle\/chunk-\w+\.js.*$/, '')
const ownPath = own.startsWith('file://') ? decodeURI(own.slice('file://'.length)) : own
/** Where source maps, when the runtime follows them, say that the engine's own frames are. */
const sources = ownPath.replace(/\/dist$/, '/src')

/** `file:line:column` of the user's call that led here, or null where the runtime gives no usable stack. */
export function userLine(): string | null {
  for (const frame of stackText().split('\n')) {
    const place = /((?:file|https?|blob|node):[^\s()]+|\/[^\s()]+|[A-Za-z]:\\[^\s()]+):(\d+):(\d+)\)?$/.exec(
      frame.trim(),
    )
    if (place === null) continue
    const file = place[1] as string
    if (file.startsWith('node:') || file.includes(own) || file.startsWith(ownPath)) continue
    if (file.startsWith(sources) || file.startsWith(`file://${sources}`)) continue
    return `${file.startsWith('file://') ? decodeURI(file.slice('file://'.length)) : file}:${place[2]}:${place[3]}`
  }
  return null
}

/** The stack as text, deep enough to reach past the engine. V8 lets the depth be set; other engines give all of it. */
function stackText(): string {
  const settings = Error as unknown as { stackTraceLimit?: number }
  const before = settings.stackTraceLimit
  if (before === undefined) return new Error().stack ?? ''
  settings.stackTraceLimit = 40
  const { stack } = new Error()
  settings.stackTraceLimit = before
  return stack ?? ''
}
