import { packTar } from 'modern-tar'
import { gzipSync } from 'node:zlib'
import type { Files } from './Files.ts'

/** Files as a compressed archive. Equal files give equal archives. */
export async function bundle(files: Files): Promise<Uint8Array> {
  const entries = Array.from(files, ([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), mtime: new Date(0), mode: 0o644 },
    body,
  }))
  return gzipSync(await packTar(entries), { level: 9 })
}
