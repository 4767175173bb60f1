// The model of the figure "The .grad bucket": three calls of a training loop in any order, run on the engine.
import { type Tensor, tensor } from 'chainrule'
import { SGD } from 'chainrule/optim'

export type Card = 'zero' | 'backward' | 'step'

export const calls: Readonly<Record<Card, string>> = {
  zero: 'optimizer.zeroGrad()',
  backward: 'loss.backward()',
  step: 'optimizer.step()',
}

export const rightOrder: readonly Card[] = ['zero', 'backward', 'step']
export const turns = 3
export const rate = 0.01
/** Where the lesson's check stands. */
const start = [1.3, 1.1]
/** The weight of the prompt that the table was made with. */
export const goal = 2

// The lesson's table in two batches: rows 1 and 2, rows 3 and 4.
const batches = [
  {
    X: [
      [1, 0.5],
      [2, 1],
    ],
    y: [2.5, 5],
  },
  {
    X: [
      [3, 0.5],
      [4, 2],
    ],
    y: [6.5, 10],
  },
].map(({ X, y }) => ({ X: tensor(X, { dtype: 'float64' }), y: tensor(y, { dtype: 'float64' }) }))

/** What one backward pass put into the bucket, for w_prompt. Turn 0 is the turn before the figure begins. */
export interface Drop {
  readonly turn: number
  readonly amount: number
}

export interface Moment {
  /** 1 … turns; 0 before the first. */
  readonly turn: number
  /** The card that was just played; null before the first. */
  readonly card: Card | null
  readonly bucket: readonly Drop[]
  /** What `.grad` holds for w_prompt: the engine's own sum. */
  readonly grad: number
  readonly w: number
  /** What a step used; null for the other cards. */
  readonly used: readonly Drop[] | null
}

/** Runs the loop with the cards in this order, from a bucket that the last batch left full. */
export function play(order: readonly Card[]): Moment[] {
  const w: Tensor = tensor([...start], { dtype: 'float64', requiresGrad: true })
  const optimizer = new SGD([w], { lr: rate })
  const held = () => w.grad?.select(0, 0).item() ?? 0
  let bucket: readonly Drop[] = []
  const backward = (turn: number) => {
    // Turn 0 saw the second batch; then they take turns.
    const { X, y } = batches[(turn + 1) % batches.length]!
    const before = held()
    X.matmul(w).sub(y).square().mean().backward()
    bucket = [...bucket, { turn, amount: tidy(held() - before) }]
  }
  const act: Readonly<Record<Card, (turn: number) => void>> = {
    backward,
    zero() {
      optimizer.zeroGrad()
      bucket = []
    },
    step: () => optimizer.step(),
  }
  const moment = (turn: number, card: Card | null): Moment => ({
    turn,
    card,
    bucket,
    grad: tidy(held()),
    w: tidy(w.detach().select(0, 0).item()),
    used: card === 'step' ? bucket : null,
  })

  backward(0)
  const moments = [moment(0, null)]
  for (let turn = 1; turn <= turns; turn++) {
    for (const card of order) {
      act[card](turn)
      moments.push(moment(turn, card))
    }
  }
  return moments
}

export type Verdict = 'fresh' | 'nothing' | 'old' | 'mixed'

/** What kind of gradient a step in `turn` used. */
export function verdictOf(used: readonly Drop[], turn: number): Verdict {
  if (used.length === 0) return 'nothing'
  if (used.length > 1) return 'mixed'
  return used[0]!.turn === turn ? 'fresh' : 'old'
}

/** Without the last digits, which are rounding. */
function tidy(value: number): number {
  return Number(value.toFixed(10))
}
