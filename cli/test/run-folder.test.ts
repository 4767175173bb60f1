// What a run leaves on the disk, and what stays when the disk is full.
import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Network } from '../src/model/network.ts'
import { runKeys } from '../src/model/rows.ts'
import { makeOptimizer } from '../src/model/step.ts'
import { writeAtomically } from '../src/run/atomic.ts'
import { loadCheckpoint, saveCheckpoint } from '../src/run/checkpoint.ts'
import { createRunFolder, requireFreeFolder, runFolder } from '../src/run/folder.ts'
import { appendMetrics, type EpochMetrics, readMetrics, truncateMetrics } from '../src/run/metrics.ts'
import { readRunRecord } from '../src/run/schema.ts'
import { complaintOf, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const complaint = (f: () => unknown) => complaintOf(Promise.resolve().then(f))
const shape = { inputs: 2, hidden: [3], outputs: 1 }

describe('folders', () => {
  test('are made with those around them, and one that cannot be made is an error, not an endless wait', async () => {
    const deep = join(folder, 'a', 'b', 'c')
    createRunFolder(deep)
    expect(existsSync(deep)).toBe(true)
    writeFileSync(join(folder, 'a', 'file'), '')
    expect(await complaint(() => createRunFolder(join(folder, 'a', 'file', 'run')))).toContain(
      'cannot make the folder',
    )
  })

  test.skipIf(!existsSync('/proc/self'))('that a file system refuses are an error at once', async () => {
    expect(await complaint(() => createRunFolder('/proc/no/run'))).toContain(
      "cannot make the folder '/proc/no/run'",
    )
  })
})

describe('files', () => {
  test('a file is replaced as a whole and leaves nothing beside it', () => {
    const path = join(folder, 'whole.txt')
    writeAtomically(path, 'first')
    writeAtomically(path, 'second')
    expect(readFileSync(path, 'utf8')).toBe('second')
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  test('behind a link its file is replaced, and the link stays', () => {
    const [path, link] = [join(folder, 'linked.txt'), join(folder, 'link.txt')]
    writeAtomically(path, 'first')
    symlinkSync(path, link)
    writeAtomically(link, 'second')
    expect([readFileSync(path, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual(['second', true])
  })

  test('a pipe is written into, and stays one', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
    let read = ''
    reader.stdout.on('data', part => (read += part))
    writeAtomically(pipe, 'for whoever reads')
    await new Promise(resolve => reader.on('close', resolve))
    expect([read, statSync(pipe).isFIFO()]).toEqual(['for whoever reads', true])
  })

  test('when there is no room the old content stays, and the error says what to do', () => {
    const path = join(folder, 'limited.txt')
    writeAtomically(path, 'the last good state')
    // A shell's limit on the size of files makes the system refuse the write halfway, as a full disk does.
    const source = fileURLToPath(new URL('../src/run/atomic.ts', import.meta.url))
    const script = `
      import { writeAtomically } from ${JSON.stringify(source)}
      try { writeAtomically(${JSON.stringify(path)}, 'x'.repeat(100_000)) } catch (error) { console.log(error.report) }`
    const program = join(folder, 'limited.mts')
    writeFileSync(program, script)
    const tsx = fileURLToPath(import.meta.resolve('tsx'))
    const printed = execFileSync('bash', ['-c', `ulimit -f 4; exec node --import ${tsx} ${program}`], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    })
    expect(printed.trim()).toBe(
      `No room on the disk to write ${path}.\n  What was there before is intact. Free some space and continue with --resume.`,
    )
    expect(readFileSync(path, 'utf8')).toBe('the last good state')
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('places that cannot be written', () => {
  test('a folder that does not exist, and a folder in place of the file, are named', async () => {
    const nowhere = join(folder, 'nowhere', 'predictions.csv')
    expect(await complaint(() => writeAtomically(nowhere, ''))).toBe(
      `Cannot write ${nowhere}: there is no folder '${join(folder, 'nowhere')}'.`,
    )
    mkdirSync(join(folder, 'taken.csv'))
    expect(await complaint(() => writeAtomically(join(folder, 'taken.csv'), ''))).toMatch(/it is a folder\.$/)
  })
})

describe('metrics', () => {
  const line = (epoch: number): EpochMetrics => ({
    epoch,
    step: 10 * epoch,
    loss: 1 / epoch,
    heldOutLoss: null,
    gradientNorm: 1,
    gradientNormMax: 2,
    learningRate: 0.01,
    seconds: epoch,
  })

  test('a line that was cut short is skipped, and a resumed run drops what it will do again', () => {
    const path = join(folder, 'metrics.jsonl')
    for (const epoch of [1, 2, 3]) appendMetrics(path, line(epoch))
    appendFileSync(path, '{"epoch": 4, "lo')
    expect(readMetrics(path).map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    truncateMetrics(path, 2)
    expect(readMetrics(path)).toEqual([line(1), line(2)])
  })
})

describe('checkpoints', () => {
  test('weights, the memory of the optimiser and the step come back as they were', () => {
    const path = join(folder, 'model.safetensors')
    const network = new Network(shape, runKeys(1).weights)
    const optimizer = makeOptimizer('adam', network, 0.01)
    for (const weight of network.parameters()) weight.square().sum().backward()
    optimizer.step()
    saveCheckpoint(path, network, optimizer, 7)
    const other = new Network(shape, runKeys(2).weights)
    const memory = makeOptimizer('adam', other, 0.5)
    expect(loadCheckpoint(path, other, memory)).toBe(7)
    expect(other.weights.map(w => w.toArray())).toEqual(network.weights.map(w => w.toArray()))
    expect(Object.values(memory.stateDict()).map(w => w.toArray())).toEqual(
      Object.values(optimizer.stateDict()).map(w => w.toArray()),
    )
  })

  test('a damaged file, or one of another model, is refused by name', async () => {
    const path = join(folder, 'other.safetensors')
    const network = new Network(shape, runKeys(1).weights)
    saveCheckpoint(path, network, makeOptimizer('sgd', network, 0.01), 1)
    const larger = new Network({ ...shape, hidden: [4] }, runKeys(1).weights)
    expect(await complaint(() => loadCheckpoint(path, larger))).toMatch(
      /does not hold the weights of this run/,
    )
    writeFileSync(path, readFileSync(path).subarray(0, 40))
    expect(await complaint(() => loadCheckpoint(path, network))).toMatch(
      /does not hold the weights of this run/,
    )
    expect(await complaint(() => loadCheckpoint(join(folder, 'none'), network))).toMatch(
      /^There are no weights yet: .*\n {2}The run ended before its first checkpoint\. Go on with: chainrule train --resume --out /,
    )
  })
})

describe('run folders', () => {
  test('a folder that holds a run is refused, and with force only its own files go', async () => {
    const path = join(folder, 'run')
    createRunFolder(path)
    writeFileSync(runFolder(path).record, '{}')
    writeFileSync(join(path, 'notes.txt'), 'mine')
    expect(await complaint(() => requireFreeFolder(path, false))).toBe(
      `--out: '${path}' already holds a run.\n  Choose another --out, replace it with --force, or continue it with --resume.`,
    )
    requireFreeFolder(path, true)
    createRunFolder(path)
    expect(readdirSync(path)).toEqual(['notes.txt'])
  })

  test('a folder with other files, and a file in its place, are refused', async () => {
    const path = join(folder, 'used')
    mkdirSync(path)
    writeFileSync(join(path, 'thesis.txt'), '')
    expect(await complaint(() => requireFreeFolder(path, false))).toMatch(
      /is not empty and holds no run \(it has thesis\.txt\)/,
    )
    expect(await complaint(() => requireFreeFolder(join(path, 'thesis.txt'), true))).toMatch(
      /is a file, not a folder/,
    )
    expect(existsSync(join(path, 'thesis.txt'))).toBe(true)
  })

  test('a record that is absent, broken, foreign or of another version is refused', async () => {
    const path = join(folder, 'record.json')
    expect(await complaint(() => readRunRecord(join(folder, 'nothing', 'run.json')))).toMatch(
      /^There is no run in/,
    )
    writeFileSync(path, '{ "format"')
    expect(await complaint(() => readRunRecord(path))).toMatch(/is not JSON/)
    writeFileSync(path, '{ "format": "other" }')
    expect(await complaint(() => readRunRecord(path))).toMatch(/was not written by chainrule train/)
    writeFileSync(path, '{ "format": "chainrule-run", "version": 9, "engine": "7.0.0" }')
    expect(await complaint(() => readRunRecord(path))).toMatch(
      /has version 9; this chainrule reads version 1\.\n {2}It was written by chainrule 7\.0\.0\./,
    )
  })
})

describe('files changed by hand', () => {
  test('a run.json that lacks its parts is refused by name', async () => {
    const path = join(folder, 'run.json')
    writeFileSync(path, '{"format": "chainrule-run", "version": 1, "input": {}, "options": {}}')
    expect(await complaint(() => readRunRecord(path))).toMatch(
      /run\.json is not complete: it lacks target, columns, scaler/,
    )
    const whole = {
      format: 'chainrule-run',
      version: 1,
      input: { path: 'a', resolved: 'a', fingerprint: 'a' },
      options: {
        model: 'linear',
        hidden: [],
        loss: 'mse',
        optimizer: 'adam',
        lr: 1,
        epochs: 1,
        batch: 1,
        val: 0,
      },
      target: { kind: 'number', column: 'y' },
      columns: [],
      scaler: { mean: [0] },
      targetScale: { mean: 0, deviation: 1 },
      split: { train: 1, heldOut: 0 },
      dropped: {},
      progress: { step: 1, steps: 1 },
    }
    writeFileSync(path, JSON.stringify(whole))
    expect(await complaint(() => readRunRecord(path))).toMatch(
      /it lacks options\.seed, columns\.0 and scaler\.deviation\./,
    )
    writeFileSync(path, 'null')
    expect(await complaint(() => readRunRecord(path))).toMatch(/was not written by chainrule train/)
  })

  test('lines of metrics that are no epochs are skipped', () => {
    const path = join(folder, 'odd-metrics.jsonl')
    writeFileSync(path, 'null\n5\n{"epoch": 1, "step": 3}\n{"epoch"')
    expect(readMetrics(path)).toEqual([{ epoch: 1, step: 3 }])
  })
})
