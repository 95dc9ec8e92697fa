import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

/** Serves a folder as any web server does: `/` is `index.html`, what is not there is `404.html`. */
export async function serveFolder(folder: string): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    readFile(join(folder, path))
      .then((body) => {
        const type = TYPES[extname(path)] ?? 'application/octet-stream'
        response.writeHead(200, { 'content-type': type }).end(body)
      })
      .catch(async () => {
        response.writeHead(404, { 'content-type': 'text/html' })
        response.end(await readFile(join(folder, '404.html')))
      })
  })
  await new Promise<void>((resolve) => void server.listen(0, resolve))
  return { server, address: `http://localhost:${(server.address() as AddressInfo).port}` }
}
