import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // One flat run without isolation is three times faster than one project per package.
    isolate: false,
    // Both cores of the smallest machine that is meant to do; vitest would leave one idle.
    maxWorkers: 2,
    include: [
      'packages/**/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'paper/test/*.test.ts',
      '.ci/test/*.test.ts',
    ],
    testTimeout: 60_000,
    // Some tests load ONNX Runtime themselves, not by the engine, which would do this for them.
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
})
