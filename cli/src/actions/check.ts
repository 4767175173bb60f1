// `chainrule check`: the gradient of a person's own function against finite differences.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as check from 'chainrule/check'
import type { CheckedFunction, GradcheckReport } from 'chainrule/check'
import { register as registerCommonJs } from 'tsx/cjs/api'
import { register } from 'tsx/esm/api'
import { messageOf, UserError } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What to check. */
export interface CheckRequest {
  /** A TypeScript or JavaScript module with a default function and `inputs()`. */
  readonly module: string
  /** 2: the second derivative, too. */
  readonly order?: 1 | 2
  readonly seed?: number
  readonly json?: boolean
}

const EXAMPLE = `For example:
  import { tensor } from 'chainrule'
  export const inputs = () => [tensor([1, 2, 3], { requiresGrad: true })]
  export default w => w.square().sum()`

/**
 * Loads a module and checks the gradient of its default function at its `inputs()`.
 * @throws UserError when the module cannot be loaded or lacks one of the two, or the function throws.
 */
export async function checkModule(request: CheckRequest, terminal: Terminal): Promise<GradcheckReport> {
  // A module that calls process.exit(0) must not pass for one whose gradient is right.
  const cutShort = (): void => {
    terminal.err(`${request.module} ended the program before its gradient was checked.`)
    process.exitCode = 1
  }
  process.once('exit', cutShort)
  try {
    return await checkLoaded(await loadModule(request.module), request, terminal)
  } finally {
    process.off('exit', cutShort)
  }
}

async function checkLoaded(
  { f, inputs, gradcheck }: CheckModule,
  request: CheckRequest,
  terminal: Terminal,
): Promise<GradcheckReport> {
  const { order, seed } = request
  let report: GradcheckReport
  try {
    report = gradcheck(f, await inputs(), {
      ...(order === undefined ? {} : { order }),
      ...(seed === undefined ? {} : { seed }),
    })
  } catch (error) {
    throw new UserError(`${request.module}: the function cannot be checked.`, [
      describe(error, request.module),
    ])
  }
  if (request.json) terminal.out(placesAsPaths(JSON.stringify(report, null, 2)))
  else {
    const [first = '', ...rest] = placesAsPaths(String(report)).split('\n')
    terminal.out((report.ok ? terminal.colors.green : terminal.colors.red)(first))
    for (const line of rest) terminal.out(line)
  }
  return report
}

interface CheckModule {
  readonly f: CheckedFunction
  readonly inputs: () => readonly unknown[] | Promise<readonly unknown[]>
  /** Of the engine that the module itself imports: tensors of another copy would be strangers to it. */
  readonly gradcheck: typeof check.gradcheck
}

let loads = 0

async function loadModule(path: string): Promise<CheckModule> {
  const file = resolve(path)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined)
    throw new UserError(`There is no file '${path}'.`, [`Looked from ${process.cwd()}.`])
  if (found.isDirectory()) throw new UserError(`${path} is a folder.`, ['Name the module in it.'])
  const url = pathToFileURL(file).href
  // Places are then told in the person's TypeScript, not in what became of it.
  process.setSourceMapsEnabled(true)
  // A namespace of its own, so that a module that has changed is read again.
  const namespace = `check-${loads++}`
  let loaded: Record<string, unknown>
  let engine: typeof check
  try {
    ;[loaded, engine] = isCommonJs(file) ? loadCommonJs(file, url, namespace) : await loadEsm(url, namespace)
  } catch (error) {
    const awaits = /Top-level await is currently not supported/.test(messageOf(error))
    throw new UserError(`${path} cannot be loaded.`, [
      describe(error, path),
      ...(awaits ? ['Let its name end in .mts (or .mjs), or set "type": "module" in its package.json.'] : []),
    ])
  }
  const { default: f, inputs } = loaded
  if (typeof f !== 'function') {
    throw new UserError(`${path} has no default function to check.`, [EXAMPLE])
  }
  if (typeof inputs !== 'function') {
    throw new UserError(`${path} does not export inputs(), the tensors at which to check.`, [EXAMPLE])
  }
  return { f: f as CheckedFunction, inputs: inputs as CheckModule['inputs'], gradcheck: engine.gradcheck }
}

/** As Node decides: by the name's end, or else by the nearest package.json. */
function isCommonJs(file: string): boolean {
  if (/\.m[jt]sx?$/.test(file)) return false
  if (/\.c[jt]sx?$/.test(file)) return true
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const description = join(folder, 'package.json')
    if (existsSync(description)) return JSON.parse(readFileSync(description, 'utf8')).type !== 'module'
    if (folder === dirname(folder)) return true
  }
}

type Loaded = [Record<string, unknown>, typeof check]

async function loadEsm(url: string, namespace: string): Promise<Loaded> {
  const typescript = register({ namespace })
  try {
    const loaded: Record<string, unknown> = await typescript.import(url, import.meta.url)
    const engine = await typescript
      .import('chainrule/check', url)
      // A module outside any project that has chainrule: it can only use what it is handed.
      .catch(() => typescript.import('chainrule/check', import.meta.url))
    return [loaded, engine]
  } finally {
    await typescript.unregister()
  }
}

/** A CommonJS module requires a copy of the engine for itself, which an import would not find. */
function loadCommonJs(file: string, url: string, namespace: string): Loaded {
  const typescript = registerCommonJs({ namespace })
  try {
    const loaded: Record<string, unknown> = typescript.require(file, url)
    try {
      return [loaded, typescript.require('chainrule/check', url)]
    } catch {
      return [loaded, typescript.require('chainrule/check', import.meta.url)]
    }
  } finally {
    typescript.unregister()
  }
}

/** The message, and the place in the person's own file that the stack names. */
function describe(error: unknown, path: string): string {
  const stack = error instanceof Error ? placesAsPaths(error.stack ?? '') : ''
  const line = stack.split('\n').find(entry => entry.includes(resolve(path)))
  const place = line === undefined ? undefined : /([^\s(]+:\d+(:\d+)?)\)?$/.exec(line)?.[1]
  const [message] = messageOf(error).split('\nRequire stack:')
  return place === undefined ? `${message}` : `${message}\nat ${place}`
}

/** Places as a person knows them: paths, without the address that the module was loaded under. */
function placesAsPaths(text: string): string {
  return text.replaceAll(/file:\/\/(\/[^\s?)]*)/g, '$1').replaceAll(/\?(tsx-)?namespace=[\w-]+/g, '')
}
