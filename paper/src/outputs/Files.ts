/** Files by path, below the folder of the built paper. */
export type Files = ReadonlyMap<string, string | Uint8Array>
