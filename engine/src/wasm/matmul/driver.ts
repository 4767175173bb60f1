// The loops of a product around its tiles, from the outside in: tasks, blocks of k, groups of columns, runs of rows. What
// they step by is decided in plan.ts.
import type { FunctionBuilder, ModuleBuilder } from '../assembler.ts'
import { addTo, pushProduct, whileBelow } from '../emit.ts'
import { laneSets } from '../lanes.ts'
import { emitDotTile } from './dot.ts'
import { emitPackPanel, emitPackStrips } from './pack.ts'
import { type ColumnGroup, type Plan, STRIP } from './plan.ts'
import type { MatmulSpec } from './spec.ts'
import { emitTile, type TileLocals, type TileShape, type TileSteps } from './tile.ts'

/**
 * From this many multiply-adds on, tiles are functions of their own: V8 optimises a function while it is called many
 * times, but not a loop that is running. Below, a call would cost more than it brings.
 */
const TILES_AS_FUNCTIONS = 2 ** 20

/** Emits one product as a function of its module. */
export class Driver {
  readonly #module: ModuleBuilder
  readonly #spec: MatmulSpec
  readonly #plan: Plan
  readonly #f: FunctionBuilder
  readonly #size: number
  readonly #cRow: number
  /** The operands of this batch. */
  readonly #aBase: number
  readonly #bBase: number
  readonly #cBase: number
  readonly #row0: number
  readonly #rowEnd: number
  readonly #col0: number
  readonly #colEnd: number
  readonly #k0: number
  readonly #steps: TileSteps
  readonly #extra: readonly number[]

  constructor(module: ModuleBuilder, spec: MatmulSpec, plan: Plan) {
    this.#module = module
    this.#spec = spec
    this.#plan = plan
    this.#size = laneSets[spec.lanes].size
    this.#cRow = spec.cRow ?? spec.n
    const extras = spec.extra ?? 0
    const f = module.func(new Array<'i32'>(6 + extras).fill('i32'))
    this.#f = f
    this.#extra = Array.from({ length: extras }, (_, i) => 6 + i)
    this.#aBase = f.local('i32')
    this.#bBase = f.local('i32')
    this.#cBase = f.local('i32')
    this.#row0 = f.local('i32')
    this.#rowEnd = f.local('i32')
    this.#col0 = f.local('i32')
    this.#colEnd = f.local('i32')
    this.#k0 = f.local('i32')
    const blocked = plan.kBlock < spec.k
    this.#steps = {
      count: spec.k,
      countLocal: blocked ? f.local('i32') : null,
      continues: blocked ? this.#k0 : null,
      isLast: blocked ? f.local('i32') : null,
    }
  }

  emit(): number {
    const [f, spec, plan] = [this.#f, this.#spec, this.#plan]
    const [A, B, C, SCRATCH, FROM, TO] = [0, 1, 2, 3, 4, 5] as const
    const task = FROM
    const rest = f.local('i32')
    const packed = f.local('i32')
    f.i32_const(-1)
    f.local_set(packed)
    whileBelow(f, task, TO, () => {
      f.local_get(task)
      f.local_set(rest)
      this.#takeIndex(rest, plan.rowBlocks, this.#row0)
      this.#takeIndex(rest, plan.colBlocks, this.#col0)
      this.#setBatch(rest, [A, B, C])
      this.#setBlock(this.#row0, this.#rowEnd, plan.rowBlock, plan.rowBlocks, spec.m)
      this.#setBlock(this.#col0, this.#colEnd, plan.colBlock, plan.colBlocks, spec.n)
      if (plan.packB) this.#packColumns(packed, SCRATCH)
      this.#overK(SCRATCH)
      addTo(f, task, 1)
    })
    return f.index
  }

  /** into = rest % count; rest = rest / count. */
  #takeIndex(rest: number, count: number, into: number): void {
    const f = this.#f
    if (count <= 1) {
      f.i32_const(0)
      f.local_set(into)
      return
    }
    f.local_get(rest)
    f.i32_const(count)
    f.i32_rem_u()
    f.local_set(into)
    f.local_get(rest)
    f.i32_const(count)
    f.i32_div_u()
    f.local_set(rest)
  }

  #setBatch(rest: number, [a, b, c]: readonly [number, number, number]): void {
    const [f, size] = [this.#f, this.#size]
    const bases = [
      [this.#aBase, a, 'a'],
      [this.#bBase, b, 'b'],
      [this.#cBase, c, 'c'],
    ] as const
    for (const [base, argument] of bases) {
      f.local_get(argument)
      f.local_set(base)
    }
    const index = f.local('i32')
    for (const dim of (this.#spec.batch ?? []).toReversed()) {
      if (dim.size === 1) continue
      this.#takeIndex(rest, dim.size, index)
      for (const [base, , operand] of bases) {
        if (dim[operand] === 0) continue
        f.local_get(base)
        pushProduct(f, index, dim[operand] * size)
        f.i32_add()
        f.local_set(base)
      }
    }
  }

  /** start = index * block (in place); end = the next start, or `total` for the last. */
  #setBlock(start: number, end: number, block: number, count: number, total: number): void {
    const f = this.#f
    f.i32_const(total)
    if (count > 1) {
      f.local_get(start)
      f.i32_const(1)
      f.i32_add()
      f.i32_const(block)
      f.i32_mul()
      f.local_get(start)
      f.i32_const(count - 1)
      f.i32_eq()
      f.select()
      pushProduct(f, start, block)
      f.local_set(start)
    }
    f.local_set(end)
  }

  /** Runs `body` with the address of each group of this task's columns; `j` is the group's first column. */
  #eachGroup(body: (group: ColumnGroup, j: number) => void): void {
    const [f, plan, spec] = [this.#f, this.#plan, this.#spec]
    const j = f.local('i32')
    f.local_get(this.#col0)
    f.local_set(j)
    if (plan.fullCount > 0) {
      const groupCols = plan.full.vectors * laneSets[spec.lanes].width
      const end = f.local('i32')
      f.local_get(this.#colEnd)
      if (plan.rest !== null) {
        f.i32_const(plan.fullCount * groupCols)
        f.local_get(this.#colEnd)
        f.i32_const(plan.fullCount * groupCols)
        f.i32_lt_u()
        // Of [colEnd, full columns, colEnd < full columns] the smaller stays.
        f.select()
      }
      f.local_set(end)
      whileBelow(f, j, end, () => {
        body(plan.full, j)
        addTo(f, j, groupCols)
      })
    }
    if (plan.rest !== null) {
      f.local_get(this.#colEnd)
      f.i32_const(spec.n)
      f.i32_eq()
      f.if_()
      body(plan.rest, j)
      f.end()
    }
  }

  /** local = base + (i - start) * bytes */
  #setAddress(local: number, base: number, i: number, start: number | null, bytes: number): void {
    const f = this.#f
    f.local_get(base)
    f.local_get(i)
    if (start !== null) {
      f.local_get(start)
      f.i32_sub()
    }
    f.i32_const(bytes)
    f.i32_mul()
    f.i32_add()
    f.local_set(local)
  }

  /** Packs this task's columns of B, unless the task before had the same. */
  #packColumns(packed: number, scratch: number): void {
    const [f, spec, size] = [this.#f, this.#spec, this.#size]
    const source = f.local('i32')
    const target = f.local('i32')
    this.#setAddress(source, this.#bBase, this.#col0, null, spec.b.col * size)
    f.local_get(source)
    f.local_get(packed)
    f.i32_ne()
    f.if_()
    f.local_get(source)
    f.local_set(packed)
    this.#eachGroup((group, j) => {
      this.#setAddress(source, this.#bBase, j, null, spec.b.col * size)
      this.#setAddress(target, scratch, j, this.#col0, spec.k * size)
      emitPackPanel(f, spec.lanes, spec.b, spec.k, group.vectors, group.valid, source, target)
    })
    f.end()
  }

  #overK(scratch: number): void {
    const [f, plan, spec] = [this.#f, this.#plan, this.#spec]
    const { countLocal, isLast } = this.#steps
    f.i32_const(0)
    f.local_set(this.#k0)
    const count = countLocal ?? f.local('i32')
    const packedA = f.local('i32')
    f.local_get(scratch)
    f.i32_const(plan.packedB)
    f.i32_add()
    f.local_set(packedA)
    const block = () => {
      if (plan.packA && spec.k > 0) this.#packRows(packedA, count)
      this.#eachGroup((group, j) => this.#overRows(group, j, scratch, packedA))
    }
    if (isLast === null) {
      f.i32_const(spec.k)
      f.local_set(count)
      block()
      return
    }
    f.loop()
    f.i32_const(plan.kBlock)
    f.i32_const(spec.k)
    f.local_get(this.#k0)
    f.i32_sub()
    f.local_get(this.#k0)
    f.i32_const(spec.k - plan.kBlock)
    f.i32_le_u()
    f.select()
    f.local_set(count)
    f.local_get(this.#k0)
    f.i32_const(spec.k - plan.kBlock)
    f.i32_ge_u()
    f.local_set(isLast)
    block()
    addTo(f, this.#k0, plan.kBlock)
    f.local_get(isLast)
    f.i32_eqz()
    f.br_if(0)
    f.end()
  }

  #packRows(packedA: number, count: number): void {
    const [f, plan, spec, size] = [this.#f, this.#plan, this.#spec, this.#size]
    const source = f.local('i32')
    const rows = f.local('i32')
    this.#setAddress(source, this.#aBase, this.#row0, null, size)
    this.#setAddress(source, source, this.#k0, null, spec.a.col * size)
    f.local_get(this.#rowEnd)
    f.local_get(this.#row0)
    f.i32_sub()
    f.local_set(rows)
    emitPackStrips(f, spec.lanes, spec.a.col, source, packedA, rows, count, STRIP * plan.kBlock * size)
  }

  /** All rows of the task, for one group of columns. */
  #overRows(group: ColumnGroup, j: number, scratch: number, packedA: number): void {
    const [f, plan, spec, size, cRow] = [this.#f, this.#plan, this.#spec, this.#size, this.#cRow]
    const at: TileLocals = {
      a: f.local('i32'),
      b: f.local('i32'),
      c: f.local('i32'),
      cBase: 2,
      row: f.local('i32'),
      col: j,
      extra: this.#extra,
    }
    if (plan.packB) {
      this.#setAddress(at.b, scratch, j, this.#col0, spec.k * size)
      this.#setAddress(at.b, at.b, this.#k0, null, group.vectors * 16)
    } else this.#setAddress(at.b, this.#bBase, j, null, plan.dot ? spec.b.col * size : size)
    const rowBytes = (plan.packA ? plan.kBlock : spec.a.row) * size
    f.local_get(this.#row0)
    f.local_set(at.row)
    if (plan.packA) {
      f.local_get(packedA)
      f.local_set(at.a)
    } else {
      this.#setAddress(at.a, this.#aBase, this.#row0, null, rowBytes)
      if (this.#steps.continues !== null) this.#setAddress(at.a, at.a, this.#k0, null, spec.a.col * size)
    }
    this.#setAddress(at.c, this.#cBase, this.#row0, null, cRow * size)
    this.#setAddress(at.c, at.c, j, null, size)
    const end = f.local('i32')
    for (const run of group.runs) {
      const shape: TileShape = {
        rows: run.rows,
        vectors: group.vectors,
        valid: group.valid,
        aRow: r =>
          plan.packA ? (r - (r % STRIP)) * plan.kBlock * size + (r % STRIP) * size : r * spec.a.row * size,
        aStep: (plan.packA ? STRIP : spec.a.col) * size,
        bStep: plan.packB ? group.vectors * 16 : spec.b.row * size,
      }
      this.#setLimit(end, run.until)
      whileBelow(f, at.row, end, () => {
        this.#tile(shape, at)
        addTo(f, at.row, run.rows)
        addTo(f, at.a, run.rows * rowBytes)
        addTo(f, at.c, run.rows * cRow * size)
      })
    }
  }

  /** end = the smaller of the task's last row and `until`. */
  #setLimit(end: number, until: number): void {
    const f = this.#f
    f.i32_const(until)
    if (this.#plan.rowBlocks > 1) {
      f.local_get(this.#rowEnd)
      f.i32_const(until)
      f.local_get(this.#rowEnd)
      f.i32_lt_u()
      f.select()
    }
    f.local_set(end)
  }

  #tile(shape: TileShape, at: TileLocals): void {
    const [f, spec, steps] = [this.#f, this.#spec, this.#steps]
    const emit = (into: FunctionBuilder, locals: TileLocals, count: TileSteps) =>
      this.#plan.dot ? emitDotTile(into, spec, shape, locals) : emitTile(into, spec, shape, locals, count)
    if (spec.m * spec.n * spec.k < TILES_AS_FUNCTIONS) {
      emit(f, at, steps)
      return
    }
    const dynamic = [steps.countLocal, steps.continues, steps.isLast].filter(local => local !== null)
    const passed = [at.a, at.b, at.c, at.cBase, at.row, at.col, ...dynamic, ...at.extra]
    const tile = this.#module.func(new Array<'i32'>(passed.length).fill('i32'))
    emit(
      tile,
      { a: 0, b: 1, c: 2, cBase: 3, row: 4, col: 5, extra: at.extra.map((_, i) => 6 + dynamic.length + i) },
      dynamic.length === 0 ? steps : { count: steps.count, countLocal: 6, continues: 7, isLast: 8 },
    )
    for (const local of passed) f.local_get(local)
    f.call(tile.index)
  }
}
