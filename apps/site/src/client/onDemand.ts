/** What a reader is told where something did not come. */
export const NOT_LOADED = 'What this needs could not be loaded. Try again.'

/** Loads something when it is first wanted, and never again; where that failed, whoever asks next tries anew. */
export function onDemand<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = undefined
      throw error
    }))
}

/** Fetches a file; an answer that is an error page is an error. */
export async function fetchFile(address: string): Promise<Response> {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${answer.statusText}`)
  return answer
}
