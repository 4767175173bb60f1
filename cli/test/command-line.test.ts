// The command as a person runs it: exit codes, what goes to which stream, interrupts, and a disk without room.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../src/program.ts'
import { memoryTerminal, wantsColor } from '../src/terminal/terminal.ts'
import { noise, temporaryFolder, writeTable } from './support/files.ts'

const folder = temporaryFolder()
const bin = fileURLToPath(new URL('../bin/chainrule.js', import.meta.url))
const table = writeTable(folder, 'log.csv', 'x,z,y', 4000, k => [
  noise(k),
  noise(k + 1),
  noise(k) + 0.1 * noise(k + 2),
])

async function called(...words: string[]) {
  const terminal = memoryTerminal()
  return { code: await runCommandLine(words, terminal), text: terminal.text() }
}

describe('exit codes', () => {
  test('0 for help and a version', async () => {
    expect(await called('--version')).toEqual({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+/) })
    const { code, text } = await called('train', '--help')
    expect(code).toBe(0)
    expect(text).toContain('--where <sql>')
  })

  test.each([
    [['trian'], "unknown command 'trian'"],
    [['train', table, '--target', 'y', '--lr', 'fast'], 'It must be a number above 0.'],
    [['train', table, '--target', 'y', '--epochs', '0'], 'It must be a whole number of at least 1.'],
    [['train', table, '--target', 'y', '--hidden', '64,x'], 'It must be sizes of layers, such as 64,64.'],
    [['train', table, '--target', 'y', '--val', '1'], 'It must be a share from 0 to 0.9, such as 0.2.'],
    [
      ['train', table, '--target', 'y', '--loss', 'mes'],
      'Allowed choices are mse, mae, huber, bce, cross-entropy.',
    ],
    [['explain', folder], "required option '--row <n>' not specified"],
    [['train', table], 'Which column is to be predicted? Add --target COLUMN.'],
    [['train', '--target', 'y'], 'Which table?'],
  ])('2 for a command line that cannot be understood: %j', async (words, message) => {
    const { code, text } = await called(...words)
    expect(text).toContain(message)
    expect(code).toBe(2)
  })

  test.each([
    [['train', 'nowhere.csv', '--target', 'y'], "There is no file 'nowhere.csv'."],
    [['train', table, '--target', 'w'], "has no column 'w'"],
    [['predict', folder, table], 'There is no run in'],
    [['explain', folder, '--row', '1'], 'There is no run in'],
    [['check', 'nowhere.ts'], "There is no file 'nowhere.ts'."],
    [['train', table, '--target', 'y', '--resume', '--out', folder], 'There is no run in'],
  ])('1, a message and no stack for what a person can mend: %j', async (words, message) => {
    const { code, text } = await called(...words)
    expect(code).toBe(1)
    expect(text).toContain(message)
    expect(text).not.toMatch(/\n\s+at /)
  })
})

describe('the program', () => {
  test('prints results without colour when it is piped, and leaves with 0', () => {
    const out = join(folder, 'piped')
    const done = spawnSync(
      process.execPath,
      [bin, 'train', table, '--target', 'y', '--epochs', '2', '--out', out],
      {
        encoding: 'utf8',
      },
    )
    expect(done.stderr).toBe('')
    expect(done.status).toBe(0)
    expect(done.stdout).toContain('Score on 800 held-out rows')
    expect(done.stdout.includes('\u001b')).toBe(false)
  })

  test('is coloured on a terminal, in a pipe only where FORCE_COLOR asks, and never against NO_COLOR', () => {
    expect(wantsColor({ TERM: 'xterm' }, true)).toBe(true)
    expect(wantsColor({ TERM: 'dumb' }, true)).toBe(false)
    expect(wantsColor({ CI: 'true' }, false)).toBe(false)
    expect(wantsColor({ FORCE_COLOR: '1' }, false)).toBe(true)
    expect(wantsColor({ FORCE_COLOR: '0' }, true)).toBe(false)
    expect(wantsColor({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false)
  })

  test('with NO_COLOR an error has no colour either, and goes to the error stream', () => {
    const done = spawnSync(process.execPath, [bin, 'train', 'nowhere.csv', '--target', 'y'], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    })
    expect(done.status).toBe(1)
    expect(done.stdout).toBe('')
    expect(done.stderr).toMatch(/^There is no file 'nowhere\.csv'\.\n {2}Looked from .*\n$/)
  })

  test('predictions on the standard output are nothing but CSV', () => {
    const run = join(folder, 'piped')
    const done = spawnSync(process.execPath, [bin, 'predict', run, table], { encoding: 'utf8' })
    expect(done.stdout.split('\n')).toHaveLength(4002)
    expect(done.stdout.startsWith('row,y,note\n1,')).toBe(true)
    expect(done.stderr).toContain('4,000 of 4,000 rows predicted')
  })
})

/** What `predict` writes for the table. */
async function predicted(run: string): Promise<string> {
  const out = `${run}.csv`
  expect((await called('predict', run, table, '--out', out)).code).toBe(0)
  return readFileSync(out, 'utf8')
}

/** Waits until a file exists, or the program ends. */
async function waitFor(path: string, child: ChildProcess): Promise<void> {
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`)
    await new Promise(resume => setTimeout(resume, 20))
  }
}

describe('training that is cut short', { timeout: 180_000 }, () => {
  const long = [
    'train',
    table,
    '--target',
    'y',
    '--model',
    'mlp',
    '--hidden',
    '32',
    '--epochs',
    '100000',
    '--out',
  ]

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s saves the state, which predict reads and --resume goes on from',
    async signal => {
      const out = join(folder, signal)
      const child = spawn(process.execPath, [bin, ...long, out], { stdio: ['ignore', 'pipe', 'inherit'] })
      let text = ''
      child.stdout.on('data', part => (text += part))
      await waitFor(join(out, 'model.safetensors'), child)
      child.kill(signal)
      const code = await new Promise(resolve => child.on('exit', resolve))
      expect(code).toBe(130)
      expect(text).toContain(`Go on   chainrule train --resume --out ${out}`)
      const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
      expect(record.status).toBe('interrupted')
      expect(record.heldOut.rows).toBe(800)
      expect(await predicted(out)).toMatch(/^row,y,note\n1,[\d.-]+,\n/)
    },
  )

  test('killed outright, the last checkpoint is whole', async () => {
    const out = join(folder, 'killed')
    const child = spawn(process.execPath, [bin, ...long, out], { stdio: 'ignore' })
    await waitFor(join(out, 'model.safetensors'), child)
    child.kill('SIGKILL')
    await new Promise(resolve => child.on('exit', resolve))
    expect(await predicted(out)).toMatch(/^row,y,note\n/)
  })

  const short = ['train', table, '--target', 'y', '--model', 'mlp', '--epochs', '2', '--out']

  test('on a full disk the last good state stays, and the message says how to go on', async () => {
    const out = join(folder, 'full')
    expect((await called(...short, out)).code).toBe(0)
    const before = readFileSync(join(out, 'model.safetensors'))
    // A limit on the size of files, below that of the weights, refuses the write halfway, as a full disk does.
    const more = `ulimit -f 16; exec '${process.execPath}' '${bin}' train --resume --epochs 4 --out '${out}'`
    const done = spawnSync('bash', ['-c', more], { encoding: 'utf8' })
    expect(done.stderr).toContain(`No room on the disk to write ${join(out, 'model.safetensors')}.`)
    expect(done.stderr).toContain('continue with --resume')
    expect(done.status).toBe(1)
    expect(readFileSync(join(out, 'model.safetensors'))).toEqual(before)
    expect(await predicted(out)).toMatch(/^row,y,note\n/)
    expect((await called('train', '--resume', '--epochs', '4', '--out', out)).code).toBe(0)
  })

  // What each limit refuses, in blocks of 1,024 bytes: the weights are of 62 KB, the report is larger.
  test.each([
    [16, 'model.safetensors', 'running'],
    [80, 'report.html', 'interrupted'],
  ])(
    'a run without room for files over %i KB lacks its %s, and --resume goes on as the message says',
    async (kilobytes, file, status) => {
      const out = join(folder, `without-${file}`)
      const first = `ulimit -f ${kilobytes}; exec '${process.execPath}' '${bin}' ${[...short, out].join(' ')}`
      const done = spawnSync('bash', ['-c', first], { encoding: 'utf8' })
      expect(done.stderr).toContain(`No room on the disk to write ${join(out, file)}.`)
      const record = () => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
      expect(record().status).toBe(status)
      const resume = ['train', '--resume', '--out', out]
      expect((await called(...resume)).code).toBe(0)
      expect(record()).toMatchObject({ status: 'complete', heldOut: { rows: 800 } })
      expect(existsSync(join(out, 'report.html'))).toBe(true)
      expect((await called(...resume)).text).toContain('is complete')
    },
  )

  test('a reader that closes the pipe does not end it', () => {
    const out = join(folder, 'unread')
    const command = `'${process.execPath}' '${bin}' train '${table}' --target y --epochs 20 --out '${out}' | head -1`
    const done = spawnSync('bash', ['-o', 'pipefail', '-c', command], { encoding: 'utf8' })
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect(done.stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).status).toBe('complete')
  })
})
