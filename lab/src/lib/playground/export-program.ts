// The playground's training as a TypeScript program that runs in Node on the published package and prints the same losses.
import { type Activation, type DataSet, type ModelSpec, problemWith } from './spec.ts'
import { scaled, scalesOf } from './standardise.ts'

const activationCode: Record<Activation, string | null> = {
  tanh: 'new nn.Tanh()',
  relu: 'new nn.ReLU()',
  sigmoid: 'new nn.Sigmoid()',
  linear: null,
}

/** The program, training for `steps` steps. */
export function exportProgram(data: DataSet, spec: ModelSpec, steps: number): string {
  const problem = problemWith(data)
  if (problem !== null) return `// ${problem}\n`
  const scales = scalesOf(data)
  const classes = data.task === 'classification'
  const inputs = data.examples.map(e => e.inputs.map((x, c) => scaled(x, scales.inputs[c]!)))
  const targets = data.examples.map(e => scaled(e.target, scales.target))
  const sizes = [data.columns.length, ...spec.hidden, 1]
  const layers = sizes.slice(1).flatMap((size, i) => {
    const linear = `new nn.Linear(${sizes[i]}, ${size}, { dtype: 'float64', key: keys[${i}] })`
    const activation = i < sizes.length - 2 ? activationCode[spec.activation] : null
    return activation === null ? [linear] : [linear, activation]
  })
  const optimizer =
    spec.optimizer === 'adam'
      ? `new optim.Adam(model.parameters(), { lr: ${spec.rate} })`
      : `new optim.SGD(model.parameters(), { lr: ${spec.rate}${spec.optimizer === 'momentum' ? ', momentum: 0.9' : ''} })`
  const n = data.examples.length
  const batch = spec.batch === 0 || spec.batch >= n ? n : spec.batch
  const all = batch === n
  const loss = classes ? 'bceWithLogits(output, target)' : 'output.sub(target).square().mean()'
  const names = ['keyFromSeed', 'noGrad', 'splitKey', 'tensor', 'type Tensor']
  if (classes) names.unshift('bceWithLogits')

  return `// Exported from Chainrule's playground. Run it: npm install chainrule tsx && npx tsx train.ts
import { ${names.join(', ')} } from 'chainrule'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'

// Columns: ${data.columns.map(inComment).join(', ')}. Target: ${inComment(data.target)}.${
    data.standardise ? '\n// Standardised: each column has mean 0 and deviation 1.' : ''
  }
const inputs = [
${inputs.map(row => `  [${row.join(', ')}],`).join('\n')}
]
const targets = [${targets.join(', ')}]

const keys = splitKey(keyFromSeed(${spec.seed}), ${sizes.length - 1})
const model = new nn.Sequential(
${layers.map(layer => `  ${layer},`).join('\n')}
)
const optimizer = ${optimizer}

function lossOf(x: Tensor, target: Tensor): Tensor {
  const output = model.call(x).reshape([-1])
  return ${loss}
}

const x = tensor(inputs, { dtype: 'float64' })
const y = tensor(targets, { dtype: 'float64' })
for (let step = 0; step < ${steps}; step++) {
${
  all
    ? '  const loss = lossOf(x, y)'
    : `  const rows = Array.from({ length: ${batch} }, (_, i) => (step * ${batch} + i) % ${n})
  const loss = lossOf(
    tensor(rows.map(i => inputs[i]!), { dtype: 'float64' }),
    tensor(rows.map(i => targets[i]!), { dtype: 'float64' }),
  )`
}
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
}
console.log('loss', noGrad(() => lossOf(x, y)).item())
`
}

/** A column's name, which may be anybody's, as part of one line of comment. */
function inComment(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
