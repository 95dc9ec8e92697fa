import { NOT_LOADED, onDemand } from './onDemand.ts'

/** The parts of pagefind's browser module that are used. */
interface Pagefind {
  search(words: string): Promise<{ results: readonly { data(): Promise<Hit> }[] }>
}

interface Hit {
  readonly url: string
  readonly excerpt: string
  readonly meta: { readonly title?: string }
}

const MOST_HITS = 20

const form = document.querySelector<HTMLFormElement>('#search')!
const input = form.querySelector('input')!
const status = form.querySelector<HTMLElement>('[role=status]')!
const list = document.querySelector('#hits')!
// Made after the pages, so that the bundler does not know it.
const pagefind = onDemand(
  () => import(/* @vite-ignore */ form.dataset['index']!) as Promise<Pagefind>,
)

form.hidden = false
form.addEventListener('submit', (event) => event.preventDefault())
input.addEventListener('input', () => void search(input.value))
input.value = new URLSearchParams(location.search).get('q') ?? ''
if (input.value !== '') void search(input.value)

async function search(words: string): Promise<void> {
  history.replaceState(null, '', words ? `?q=${encodeURIComponent(words)}` : location.pathname)
  try {
    const { results } = await (await pagefind()).search(words)
    const hits = await Promise.all(results.slice(0, MOST_HITS).map((result) => result.data()))
    // The reader has typed on meanwhile.
    if (input.value !== words) return
    status.textContent = words ? `${results.length} found` : ''
    list.replaceChildren(...hits.map(itemOf))
  } catch {
    if (input.value === words) status.textContent = NOT_LOADED
  }
}

function itemOf({ url, excerpt, meta }: Hit): HTMLLIElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = url
  link.textContent = meta.title ?? url
  const text = document.createElement('p')
  // Of pagefind: the page's own text, escaped, with <mark>.
  text.innerHTML = excerpt
  item.append(link, text)
  return item
}
