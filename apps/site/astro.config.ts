import { defineConfig } from 'astro/config'

/**
 * `COUPLET_SITE_URL` is where the site will stand, for example https://example.org/couplet/: absolute addresses (feed, previews)
 * and links follow it. Without it the site is made for `couplet site --preview`.
 */
const address = new URL(process.env['COUPLET_SITE_URL'] ?? 'http://localhost:4321/')

export default defineConfig({
  site: address.origin,
  base: address.pathname,
  trailingSlash: 'always',
  // Spaces between words and tags stay, as in HTML.
  compressHTML: true,
  devToolbar: { enabled: false },
  vite: {
    // Node runs the sources of the workspace as they are; bundled, they would look for their data files in the wrong place.
    // `external` sees to that in `astro dev`, the plugin while building.
    ssr: { external: ['@couplet/data', '@couplet/dft', '@couplet/eval', '@couplet/model'] },
    plugins: [
      {
        name: 'run-sources-as-they-are',
        apply: 'build',
        enforce: 'pre',
        resolveId(id: string) {
          const ours = /^@couplet\/(data|dft|eval|model)(\/|$)/.test(id)
          const onServer = this.environment.config.consumer === 'server'
          return ours && onServer ? { id, external: true } : undefined
        },
      },
    ],
  },
})
