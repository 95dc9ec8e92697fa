/** Address of a page of the site below the folder where it stands, for example `href('/entries/mpnn/')`. */
export function href(path: string): string {
  return `${import.meta.env.BASE_URL.replace(/\/$/, '')}${path}`
}

/** The same with the host, for feeds and previews. */
export function absoluteHref(path: string): string {
  return new URL(href(path), import.meta.env.SITE).href
}
