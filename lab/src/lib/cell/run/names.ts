// The top-level names of a program, and where each is meant: not where a parameter, a local or a property only looks
// the same.
import { parse } from 'sucrase/dist/parser/index.js'
import { IdentifierRole, type Token } from 'sucrase/dist/parser/tokenizer/index.js'
import type { NameMark } from '../types.ts'

type Parsed = ReturnType<typeof parse>

const { TopLevelDeclaration, FunctionScopedDeclaration, BlockScopedDeclaration } = IdentifierRole
const topLevel = new Set<IdentifierRole>([
  TopLevelDeclaration,
  IdentifierRole.ObjectShorthandTopLevelDeclaration,
])
const inFunction = new Set<IdentifierRole>([
  FunctionScopedDeclaration,
  IdentifierRole.ObjectShorthandFunctionScopedDeclaration,
])
const inBlock = new Set<IdentifierRole>([
  BlockScopedDeclaration,
  IdentifierRole.ObjectShorthandBlockScopedDeclaration,
])
const reading = new Set<IdentifierRole>([IdentifierRole.Access, IdentifierRole.ObjectShorthand])

/** @throws SyntaxError with `loc` where the source is no TypeScript. */
export function parseProgram(source: string): Parsed {
  return parse(source, false, true, false)
}

/** The names that `const`, `let`, `var`, `function` and `class` declare at the top, in order. */
export function topLevelNames(source: string, parsed: Parsed): string[] {
  const declared = parsed.tokens.filter(token => hasRole(token, topLevel) && !token.isType)
  return [...new Set(declared.map(token => source.slice(token.start, token.end)))]
}

/** Every place where one of `names` is declared, read or assigned at its top-level meaning. */
export function nameMarks(source: string, parsed: Parsed, names: ReadonlySet<string>): NameMark[] {
  const { tokens } = parsed
  const hidden = shadows(source, parsed)
  const marks: NameMark[] = []
  tokens.forEach((token, at) => {
    if (token.isType || !(hasRole(token, topLevel) || hasRole(token, reading))) return
    const name = source.slice(token.start, token.end)
    if (!names.has(name)) return
    const isHidden = hidden.some(shadow => shadow.name === name && shadow.from <= at && at < shadow.to)
    if (!isHidden) marks.push({ start: token.start, end: token.end, name })
  })
  return marks
}

interface Shadow {
  readonly name: string
  /** The tokens among which the name means something local. */
  readonly from: number
  readonly to: number
}

function shadows(source: string, { tokens, scopes }: Parsed): Shadow[] {
  const found: Shadow[] = []
  tokens.forEach((token, at) => {
    const isBlockScoped = hasRole(token, inBlock)
    if (!isBlockScoped && !hasRole(token, inFunction)) return
    const around = scopes
      .filter(scope => scope.startTokenIndex <= at && at < scope.endTokenIndex)
      .filter(scope => isBlockScoped || scope.isFunctionScope)
      .sort((a, b) => a.endTokenIndex - a.startTokenIndex - (b.endTokenIndex - b.startTokenIndex))
    const scope = around[0]
    if (scope === undefined) return
    found.push({
      name: source.slice(token.start, token.end),
      from: scope.startTokenIndex,
      to: scope.endTokenIndex,
    })
  })
  return found
}

function hasRole(token: Token, roles: ReadonlySet<IdentifierRole>): boolean {
  return token.identifierRole !== null && roles.has(token.identifierRole)
}
