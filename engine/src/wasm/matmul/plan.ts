// How a product is cut: tiles that fit the registers, panels that fit the caches, tasks that threads share. Everything
// follows from the sizes alone, so the order of additions, and with it every bit, never depends on the threads.
import { laneSets } from '../lanes.ts'
import type { MatmulSpec } from './spec.ts'

/** Rows from `until` of the group before to `until`, in tiles of `rows` rows. */
export interface RowRun {
  readonly rows: number
  readonly until: number
}

/** Columns side by side that a tile covers: `vectors` vectors, the last with `valid` lanes in use. */
export interface ColumnGroup {
  readonly vectors: number
  readonly valid: number
  readonly runs: readonly RowRun[]
}

export interface Plan {
  /** Groups of full vectors, `fullCount` of them, then perhaps one with the columns left over. */
  readonly full: ColumnGroup
  readonly fullCount: number
  readonly rest: ColumnGroup | null
  /** Whether vectors run along k: see dot.ts. */
  readonly dot: boolean
  readonly packA: boolean
  readonly packB: boolean
  /** Steps of k done at a time, so that a panel of B stays in the first cache. */
  readonly kBlock: number
  /** Rows of a task; the last block takes what is left. */
  readonly rowBlock: number
  readonly rowBlocks: number
  /** Columns of a task, a multiple of a full group's; the last block is shorter. */
  readonly colBlock: number
  readonly colBlocks: number
  /** Bytes of packed B, where that is done; packed A follows it in the scratch. */
  readonly packedB: number
  readonly packedA: number
}

/** Rows of A that are packed side by side. */
export const STRIP = 4
/** Multiply-adds below which a task is not worth its own thread. */
const TASK_WORK = 128 * 1024
const MOST_TASKS = 16
/** Rows beside which B is read as it lies along k instead of packed. */
const FEW_ROWS = 64
/** Rows of a block of A that stay in the second cache for all columns of the task. */
const CACHED_ROWS = 128
/** Tasks that are enough where cutting further would mean packing twice, and the fewest rows that are worth one. */
const PACKED_TASKS = 4
const PACKED_ROWS = 32
const K_BLOCK = 512
/** Bytes of packed B that a thread keeps. */
const PACKED_BYTES = 2 ** 21

export function planMatmul(spec: MatmulSpec): Plan {
  const { m, n, k } = spec
  const { size, width } = laneSets[spec.lanes]
  // Few rows do not earn what packing the columns of B would cost.
  const few = m <= 3 || (m <= FEW_ROWS && mustPackB(spec))
  const dot = spec.a.col === 1 && spec.b.row === 1 && k >= 4 * width && (n < width || (few && n > 1))
  const packB = !dot && (mustPackB(spec) || (m >= 32 && k * n * size > 64 * 1024))
  // What a few groups of columns read again may come from a cache as it lies.
  const unpacked = (n <= 8 * width ? 128 : 16) * 1024
  const packA = spec.a.col !== 1 && spec.a.row === 1 && n >= 4 * width && m >= 8 && m * k * size > unpacked
  const vectors = Math.ceil(n / width)
  const groupVectors = dot ? 1 : m === 1 ? 8 : m === 2 ? 4 : m === 3 || vectors === 3 ? 3 : 2
  const groupCols = groupVectors * width
  const fullCount = Math.floor(n / groupCols)
  const left = n - fullCount * groupCols
  const restVectors = Math.ceil(left / width)
  const full = {
    vectors: groupVectors,
    valid: width,
    runs: dot ? dotRuns(m, width) : rowRuns(m, groupVectors, packA),
  }
  const rest =
    left === 0
      ? null
      : {
          vectors: restVectors,
          valid: left - (restVectors - 1) * width,
          runs: dot ? dotRuns(m, left) : rowRuns(m, restVectors, packA),
        }
  const kBlocks = Math.max(1, packB ? Math.ceil(k / K_BLOCK) : 1)
  const kBlock = Math.ceil(k / kBlocks)

  const wanted = Math.min(MOST_TASKS, Math.max(1, Math.floor((m * n * k) / TASK_WORK)))
  // Row blocks start where every group's tiles start, and the last holds the whole of each group's last runs.
  const used = [...(fullCount > 0 ? [full] : []), ...(rest === null ? [] : [rest])]
  const step = used.some(g => g.runs[0]!.rows % 3 === 0) ? 24 : 8
  const tail = Math.max(0, ...used.map(g => m - g.runs[0]!.until))
  const rowsWanted = Math.ceil(m / (packB ? cachedBlocks(m, packA) : wanted) / step) * step
  const rowBlock = Math.max(step, rowsWanted)
  const rowBlocks = m === 0 ? 0 : Math.max(1, Math.ceil((m - tail) / rowBlock))
  const cap = Math.max(groupCols, Math.floor(PACKED_BYTES / (Math.max(1, k) * size * groupCols)) * groupCols)
  // Each block of columns packs all of A again, so that rows are cut first where A is packed.
  const leastCols = packA ? (rowBlocks >= PACKED_TASKS ? n : 32 * width) : 8 * width
  const share = Math.max(leastCols, Math.ceil(n / Math.ceil(wanted / Math.max(1, rowBlocks))))
  const colBlock = packB
    ? Math.min(cap, Math.ceil(share / groupCols) * groupCols)
    : fullCount * groupCols + left
  const colBlocks = n === 0 ? 0 : Math.max(1, Math.ceil(n / colBlock))
  const packedCols = Math.min(colBlock, fullCount * groupCols + restVectors * width)
  const lastRows = m - (rowBlocks - 1) * rowBlock
  const stripRows = Math.ceil(Math.max(rowBlock, lastRows) / STRIP) * STRIP
  return {
    full,
    fullCount,
    rest,
    dot,
    packA,
    packB,
    kBlock,
    rowBlock,
    rowBlocks,
    colBlock,
    colBlocks,
    packedB: packB ? packedCols * k * size : 0,
    packedA: packA ? stripRows * kBlock * size : 0,
  }
}

/** Blocks of rows beside packed columns: a power of two, which threads can share evenly. */
function cachedBlocks(m: number, packA: boolean): number {
  const least = Math.ceil(m / CACHED_ROWS)
  const most = Math.floor(m / PACKED_ROWS)
  return 2 ** Math.ceil(Math.log2(packA ? Math.max(least, Math.min(PACKED_TASKS, most)) : least))
}

/** Vectors of B must lie along its rows; for a single column any place will do. */
function mustPackB({ b, n }: MatmulSpec): boolean {
  return b.col !== 1 && n > 1
}

/**
 * Tiles of four rows and two vectors keep two multiply-adds a cycle busy and fit 15 registers; so do five rows, which
 * make every number of rows from 12 on without a thin tile. (Packed strips have four.) Narrow groups take more rows.
 */
function rowRuns(m: number, vectors: number, packA: boolean): RowRun[] {
  const rows = m <= 3 ? Math.max(1, m) : vectors === 1 ? 8 : vectors === 2 ? 4 : vectors === 3 ? 3 : 2
  const left = m % rows
  if (left === 0) return [{ rows, until: m }]
  const whole = (m - left) / rows
  if (rows === 4 && !packA && whole >= left)
    return [
      { rows: 4, until: m - 5 * left },
      { rows: 5, until: m },
    ]
  return [
    { rows, until: m - left },
    { rows: left, until: m },
  ]
}

/** Eight or so sums at a time, so that multiply-adds do not wait for each other. */
function dotRuns(m: number, columns: number): RowRun[] {
  const rows = Math.max(1, Math.min(m, columns <= 2 ? 4 : columns === 3 ? 3 : 2))
  const left = m % rows
  const whole = { rows, until: m - left }
  return left === 0 ? [whole] : [whole, { rows: left, until: m }]
}
