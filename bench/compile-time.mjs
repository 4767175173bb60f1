// How long compiling takes as the graph grows: chains of small layers of a given number of nodes. Prints JSON.
import * as chainrule from 'chainrule'

const sizes = JSON.parse(process.argv[2])
const { compile, randn, tensor } = chainrule

/** About `nodes` primitives: products, sums and functions, of which no two can be merged. */
function chain(nodes) {
  const weights = Array.from({ length: Math.max(1, Math.floor(nodes / 4)) }, () => randn([4, 4]).mul(0.5))
  return x => {
    let h = x
    for (const w of weights) h = h.matmul(w).mul(0.5).add(h).tanh()
    return h.sum()
  }
}

if (compile === undefined) console.log(JSON.stringify({ declined: 'this build has no compile()' }))
else {
  const x = tensor(new Float32Array(32)).reshape([8, 4])
  // The compiler itself is compiled first: what is measured is its work, not the warming up of its code.
  for (let i = 0; i < 3; i++) compile(chain(200))(x).item()
  const times = sizes.map(nodes => {
    const each = Array.from({ length: nodes > 2000 ? 1 : 3 }, () => {
      const step = compile(chain(nodes))
      const start = performance.now()
      step(x).item()
      return performance.now() - start
    })
    return { nodes, ms: Math.min(...each) }
  })
  console.log(JSON.stringify({ times }))
}
