import { defineConfig } from 'vitest/config'

/** Tests in a browser, apart from the others: they build a site first, and want the machine for themselves. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
})
