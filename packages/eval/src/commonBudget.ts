import type { Result } from './resultSchema.ts'

/**
 * Core-seconds of every training behind the networks among results; undefined where these differ, or none was set. Entries without a
 * recipe take the time that they take.
 */
export function commonBudget(results: readonly Pick<Result, 'config'>[]): number | undefined {
  const budgets = results
    .filter(({ config }) => Object.keys(config).some((key) => key.startsWith('recipe/')))
    .map(({ config }) => config['recipe/budget'])
  const [first] = budgets
  return typeof first === 'number' && budgets.every((budget) => budget === first)
    ? first
    : undefined
}
