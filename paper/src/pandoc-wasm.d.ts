// pandoc-wasm ships without types; this is the part that is called here.
declare module 'pandoc-wasm' {
  export interface PandocWarning {
    readonly type: string
    readonly verbosity?: string
    readonly pretty?: string
    readonly [key: string]: unknown
  }
  export function convert(
    options: Readonly<Record<string, unknown>>,
    stdin: string | null,
    files: Readonly<Record<string, string | Blob>>,
  ): Promise<{
    readonly stdout: string
    readonly stderr: string
    readonly warnings: readonly PandocWarning[]
  }>
}
