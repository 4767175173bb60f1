// The whole script of the sandboxed frame. It makes workers of what the page gives it and ends them when told to; it
// passes nothing on. Programs run in those workers and talk to the page over a port of their own.
const workers = new Map()

addEventListener('message', ({ source, data }) => {
  if (source !== parent) return
  if (data.type === 'spawn') {
    const worker = start(data.script)
    worker.onerror = event => event.preventDefault()
    worker.postMessage(null, [data.port])
    workers.set(data.id, worker)
  } else if (data.type === 'stop') {
    workers.get(data.id)?.terminate()
    workers.delete(data.id)
  } else if (data.type === 'locate') {
    // Browsers say where a script does not parse only when it is loaded as a worker. It must not run.
    const worker = start(new Blob(['throw 0;', data.script], { type: 'text/javascript' }))
    worker.onerror = event => {
      event.preventDefault()
      worker.terminate()
      data.port.postMessage({ line: event.lineno, message: event.message })
    }
  }
})

function start(script) {
  return new Worker(URL.createObjectURL(script))
}
