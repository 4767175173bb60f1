// Lighthouse on the built lab, as `npx chainrule lab` serves it: mobile preset, median of five runs for each page.
//
//     npm run lab:lighthouse [-- --runs 3 --only lesson --report folder --site folder]
//
// Ends with an error when a score is below the bar: 100 for accessibility, best practices and search, 95 for performance.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const pages = {
  root: '/',
  lesson: '/learn/math-and-statistics/gradients-and-backprop/',
  curriculum: '/learn/',
  playground: '/playground/',
}
const bar = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 }

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true, default: Object.keys(pages) },
    report: { type: 'string' },
    site: { type: 'string' },
  },
})

const chromium = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  path => path && existsSync(path),
)

/** Starts `chainrule lab` on a free port; answers its address and how to end it. */
function serve() {
  const cli = fileURLToPath(new URL('../../cli/bin/chainrule.js', import.meta.url))
  const site = values.site ? ['--site', values.site] : []
  const server = spawn(process.execPath, [cli, 'lab', '--port', '0', ...site])
  return new Promise((done, fail) => {
    server.stderr.on('data', text => fail(new Error(String(text))))
    server.stdout.on('data', text => {
      const url = /http:\/\/localhost:\d+/.exec(String(text))?.[0]
      if (url) done({ url, close: () => server.kill() })
    })
  })
}

async function run(url) {
  const chrome = await launch({
    chromePath: chromium,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
  try {
    const result = await lighthouse(url, { port: chrome.port, logLevel: 'error', output: 'json' })
    // On a busy machine a run may see no paint; it says nothing about the page.
    return result.lhr.categories.performance.score === null ? null : result.lhr
  } finally {
    chrome.kill()
  }
}

const score = (report, category) => Math.round(100 * (report.categories[category].score ?? 0))
const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
const metric = (reports, id) => Math.round(median(reports.map(report => report.audits[id].numericValue)))

function faults(report) {
  return Object.keys(bar)
    .filter(category => category !== 'performance')
    .flatMap(category => report.categories[category].auditRefs)
    .map(({ id, weight }) => ({ audit: report.audits[id], weight }))
    .filter(({ audit, weight }) => weight > 0 && audit.score !== null && audit.score < 1)
    .map(({ audit }) => `${audit.id}: ${audit.title}`)
}

const server = await serve()
let below = false
try {
  for (const name of values.only) {
    const reports = []
    for (let tries = 0; reports.length < Number(values.runs); tries++) {
      if (tries > 3 * Number(values.runs)) throw new Error(`${name}: Lighthouse saw no paint ${tries} times`)
      const report = await run(server.url + pages[name])
      if (report !== null) reports.push(report)
    }
    const scores = Object.fromEntries(
      Object.keys(bar).map(category => [category, median(reports.map(report => score(report, category)))]),
    )
    below ||= Object.entries(bar).some(([category, least]) => scores[category] < least)
    const all = reports.map(report => score(report, 'performance')).join(', ')
    console.log(
      `${name.padEnd(11)} performance ${scores.performance} (${all})  accessibility ${scores.accessibility}  ` +
        `best practices ${scores['best-practices']}  search ${scores.seo}\n` +
        `            first paint ${metric(reports, 'first-contentful-paint')} ms, largest ${metric(reports, 'largest-contentful-paint')} ms, ` +
        `blocked ${metric(reports, 'total-blocking-time')} ms, shift ${median(reports.map(report => report.audits['cumulative-layout-shift'].numericValue)).toFixed(4)}`,
    )
    for (const fault of new Set(reports.flatMap(faults))) console.log(`            ${fault}`)
    if (values.report) {
      await mkdir(values.report, { recursive: true })
      await writeFile(join(values.report, `${name}.json`), JSON.stringify(reports.at(-1), null, 1))
    }
  }
} finally {
  server.close()
}
if (below) process.exitCode = 1
