// The lines of an accessibility tree that a state takes away (−) and brings (+), so that snapshots stay small.

export function changes(before: string, after: string): string {
  const was = before.split('\n')
  const is = after.split('\n')
  const shared = longestShared(was, is)
  const lines: string[] = []
  let [i, j] = [0, 0]
  for (const [a, b] of [...shared, [was.length, is.length] as const]) {
    for (; i < a; i++) lines.push(`- ${was[i]}`)
    for (; j < b; j++) lines.push(`+ ${is[j]}`)
    i = a + 1
    j = b + 1
  }
  return lines.join('\n')
}

/** Pairs of positions of a longest common subsequence. */
function longestShared(
  was: readonly string[],
  is: readonly string[],
): readonly (readonly [number, number])[] {
  const length = Array.from({ length: was.length + 1 }, () => new Uint16Array(is.length + 1))
  for (let i = was.length - 1; i >= 0; i--) {
    for (let j = is.length - 1; j >= 0; j--) {
      length[i]![j] =
        was[i] === is[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < was.length && j < is.length; ) {
    if (was[i] === is[j]) pairs.push([i++, j++])
    else if (length[i + 1]![j]! >= length[i]![j + 1]!) i++
    else j++
  }
  return pairs
}
