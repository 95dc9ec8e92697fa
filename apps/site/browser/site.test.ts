import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf } from '../src/lib/entries.ts'
import { OVERTAKEN_BY, SCORED, TWO_SEEDS, writeFixture } from './fixtureResults.ts'
import { serveFolder } from './serveFolder.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
if (!CHROMIUM) console.log('SKIP the site in a browser: no Chromium in /usr/bin')

/** One page of each kind. */
const PAGES = [
  '/',
  '/champs-sample/',
  '/entries/meta-graph-transformer/',
  '/entries/median/',
  '/compare/',
  '/compare/megnet/mpnn/',
  '/compare/megnet/pair-transformer/',
  '/types/',
  '/types/3jhh/',
  '/molecules/',
  '/molecules/couplet_000009/',
  '/ensemble/',
  '/curves/',
  '/curves/champs-sample/',
  '/errors/',
  '/errors/champs-sample/',
  '/components/',
  '/paper/',
  '/data/',
  '/contribute/',
  '/search/',
  '/nowhere/',
]

describe.skipIf(!CHROMIUM)('the site in Chromium', () => {
  let folder: string
  let server: Server
  let address: string
  let browser: Browser
  let axe: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'couplet-site-'))
    await writeFixture(join(folder, 'results'))
    await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, '..', 'build.ts'), join(folder, 'dist')],
      { env: { ...process.env, COUPLET_SITE_RESULTS: join(folder, 'results') } },
    )
    ;({ server, address } = await serveFolder(join(folder, 'dist')))
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    browser = await chromium.launch({
      executablePath: CHROMIUM!,
      args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
    })
  })

  afterAll(async () => {
    await browser?.close()
    server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Opens a page; whatever it complains about on the console ends in `complaints`. */
  async function open(
    path: string,
    { width = 1440, dark = false, javaScriptEnabled = true } = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled,
    })
    const complaints: string[] = []
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('console', (message) => {
      const expected = path === '/nowhere/' && message.text().includes('404')
      if (['error', 'warning'].includes(message.type()) && !expected)
        complaints.push(message.text())
    })
    await page.goto(address + path)
    return { page, complaints }
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    const results = await page.evaluate<AxeResults>('axe.run()')
    return results.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${html} ${failureSummary}`)
          .join(' | ')}`,
    )
  }

  test.each(PAGES)('%s is accessible, fits a phone and complains about nothing', async (path) => {
    const { page, complaints } = await open(path, { width: 360, dark: true })
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    expect(await violations(page)).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  test('pages lead to each other', async () => {
    const { page } = await open('/')
    await page.click('nav.wide >> text=Coupling types')
    await page.click('main >> text=3JHH')
    expect(await page.textContent('h1')).toBe('3JHH')
    await page.click(`main >> text=Meta-graph transformer`)
    expect(new URL(page.url()).pathname).toBe('/entries/meta-graph-transformer/')
    await page.close()
  })

  test('the leaderboard sorts and filters, and keeps the view in the address', async () => {
    const { page } = await open('/')
    const entries = (): Promise<string[]> =>
      page.$$eval('.board [data-kind=single]:not([hidden]) th a', (links) =>
        links.map((link) => link.getAttribute('href')!.split('/').at(-2)!),
      )
    // By the means over the seeds.
    const ranked = SCORED.toSpliced(1, 2, OVERTAKEN_BY, TWO_SEEDS)
    expect((await entries()).slice(0, 5)).toEqual(ranked)
    await page.click('thead >> text=ms per molecule')
    expect((await entries()).slice(0, 5)).toEqual(SCORED.toReversed())
    expect(await page.getAttribute('[data-key="ms per molecule"]', 'aria-sort')).toBe('ascending')
    await page.click('thead >> text=ms per molecule')
    await page.check('text=scored only')
    await page.check('text=ln(Hz)')
    expect(await entries()).toEqual(SCORED)
    const cell = await page.textContent('td.type')
    expect(Number(cell)).toBeLessThan(0)
    await page.reload()
    expect(await entries()).toEqual(SCORED)
    expect(await page.textContent('td.type')).toBe(cell)
    expect(await page.isChecked('text=scored only')).toBe(true)
    await page.click('nav[aria-label="Data sets"] >> text=champs-sample')
    expect(new URL(page.url()).pathname).toBe('/champs-sample/')
    expect(await page.isChecked('text=scored only')).toBe(true)
    await page.close()
  })

  test('on a narrow screen the leaderboard sorts by its controls alone, and by no column that is not there', async () => {
    const { page } = await open('/?sort=nonsense', { width: 1024 })
    expect(await page.inputValue('[name=sort]')).toBe('score')
    const stops = page.locator('thead button[tabindex="0"]')
    expect(await stops.count()).toBe(0)
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await stops.count()).toBe(await page.locator('thead th').count())
    await page.setViewportSize({ width: 1024, height: 900 })
    const first = (): Promise<string | null> =>
      page.textContent('.board tbody:first-of-type tr:first-child')
    const before = await first()
    await page.check('text=descending')
    expect(await first()).not.toBe(before)
    expect(new URL(page.url()).search).toBe('?descending=true')
    await page.reload()
    expect(await page.isChecked('text=descending')).toBe(true)
    // No entry reads external data.
    expect(await page.locator('[name=internal]').count()).toBe(0)
    await page.close()
  })

  test('the leaderboard shows ensembles and 2019 apart, and leaves them out on request', async () => {
    const { page } = await open('/')
    const ensembles = page.locator('tbody:not(.history) [data-kind=ensemble]')
    expect(await ensembles.first().textContent()).toContain('Ensemble, one weight per entry')
    expect(await ensembles.locator('visible=true').count()).toBe(2)
    await page.check('text=single models only')
    expect(await ensembles.locator('visible=true').count()).toBe(0)
    expect(await page.isVisible(`a[href="/entries/${SCORED[0]}/#deviations"]`)).toBe(true)
    await page.uncheck('text=single models only')
    // By score the rows of 2019 would stand above all others: they keep to their own part.
    expect(await page.textContent('tbody:first-of-type tr:first-child')).not.toContain('2019')
    expect(await page.textContent('.history tr:first-child')).toContain('85,003 molecules')
    expect(await page.textContent('.history')).toContain('Quantum Uncertainty')
    await page.uncheck('text=rows of 2019')
    expect(await page.isVisible('.history')).toBe(false)
    await page.reload()
    expect(await page.isVisible('.history')).toBe(false)
    expect(new URL(page.url()).search).toBe('?history=false')
    await page.close()
  })

  test('two entries are chosen to be compared', async () => {
    const { page } = await open('/compare/')
    await page.selectOption('[name=a]', 'mpnn')
    await page.selectOption('[name=b]', 'megnet')
    await page.click('button:text-is("Compare")')
    await page.waitForURL('**/compare/megnet/mpnn/')
    expect(await page.textContent('main')).toContain(
      'MEGNet with angle messages and path readout is better',
    )
    await page.close()
  })

  test('two entries are compared by the means over their seeds, whichever is better with one', async () => {
    const { page } = await open(`/compare/${OVERTAKEN_BY}/${TWO_SEEDS}/`)
    const [better, worse] = [OVERTAKEN_BY, TWO_SEEDS].map((id) => entryOf(id)!.name)
    for (const section of await page.locator('main section').all()) {
      const text = (await section.textContent())!.replaceAll(/\s+/g, ' ')
      expect(text).toContain(`${better} has the better score, but the two cannot be told apart.`)
      expect(text).toMatch(/\(seed 1\) and -?[\d.]+ \(seeds 1 and 2\), difference -0\.010 /)
      // The interval for all pairs at once, which the verdict is by.
      expect(text).toContain('95 % interval -0.080 to 0.060, for all entries at once')
      expect(text).toContain(`${better} scores better in 97.0 % of the resamples.`)
      expect(text).toContain('More seeds or another design would be needed to separate them.')
      expect(text).not.toContain('may not be published')
      expect(await section.locator('thead th').nth(1).textContent()).toContain(better)
      expect(await section.locator('thead th').nth(2).textContent()).toContain(worse)
    }
    expect(await page.locator('main section').count()).toBe(2)
    // Types are of one seed, in which the other entry is nearer: differences are turned with the pair.
    const cells = await page
      .locator('main section')
      .first()
      .locator('tbody tr')
      .first()
      .locator('td')
      .allTextContents()
    const [own, other, difference] = cells.map(Number)
    expect(difference).toBeCloseTo(own! - other!, 2)
    await page.close()
  })

  test('numbers say which seeds they are of', async () => {
    const { page } = await open(`/entries/${TWO_SEEDS}/`)
    expect((await page.textContent('main'))!.replaceAll(/\s+/g, ' ')).toMatch(
      /Mean score -?[\d.]+ \(-?[\d.]+ to -?[\d.]+\) over 2 trainings \(seeds 1 and 2\), standard deviation between seeds 0\.020\. Ranks 2–3 of 5 \(mean over the seeds, molecules and seeds drawn\)\./,
    )
    await page.goto(`${address}/`)
    expect(await page.textContent('.board .caption')).toContain(
      'An entry’s score is the mean over its 1 to 2 trainings with different seeds',
    )
    const row = page.locator(`.board tr:has(a[href="/entries/${TWO_SEEDS}/"]) .rank`)
    expect(await row.first().textContent()).toBe('2–3')
    const { rows } = (await (await fetch(`${address}/api/v1/leaderboard.json`)).json()) as {
      rows: { entry: string; seeds: number[] | null; meanScore: number; score: number }[]
    }
    const [two, one] = [TWO_SEEDS, OVERTAKEN_BY].map((id) =>
      rows.find(({ entry }) => entry === id)!,
    )
    expect([two!.seeds, one!.seeds]).toEqual([[1, 2], [1]])
    expect(two!.score).toBeLessThan(one!.score)
    expect(two!.meanScore).toBeGreaterThan(one!.meanScore)
    await page.close()
  })

  test('comparisons of trainings say what both took', async () => {
    const { page } = await open('/components/')
    expect(await page.textContent('td:has(small:text("core-s"))')).toMatch(
      /40 → 44\s+118 → 121 core-s/,
    )
    await page.goto(`${address}/curves/champs-sample/`)
    expect(await page.textContent('td:has(small:text("core-s"))')).toMatch(
      /40 → 40\s+298 → 305 core-s/,
    )
    await page.close()
  })

  test('a coupling is picked with the keyboard alone, and the address remembers it', async () => {
    const { page, complaints } = await open('/molecules/couplet_000009/')
    await page.focus('#pairs tbody tr:nth-child(3) button')
    await page.keyboard.press('Enter')
    const heading = await page.textContent('#chosen h2')
    expect(heading).toMatch(/^H\d+–[HC]\d+, [123]JH[HC]$/)
    expect(await page.$$eval('#chosen li', (items) => items.length)).toBe(SCORED.length)
    expect(await page.$$eval('.molecule .atom.chosen', (atoms) => atoms.length)).toBe(2)
    await page.reload()
    expect(await page.textContent('#chosen h2')).toBe(heading)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('the 3D view opens on demand, and not before', async () => {
    const { page } = await open('/molecules/couplet_000009/')
    const scripts = (): Promise<number> =>
      page.evaluate(
        () =>
          performance.getEntriesByType('resource').filter(({ name }) => name.includes('3Dmol'))
            .length,
      )
    expect(await scripts()).toBe(0)
    await page.click('#show-3d')
    await page.waitForSelector('.model canvas', { timeout: 60_000 })
    expect(await scripts()).toBeGreaterThan(0)
    expect(await page.textContent('#model-status')).toContain('Turn it')
    await page.close()
  })

  test('the 3D view is opened, turned and left with the keyboard', async () => {
    const { page, complaints } = await open('/molecules/couplet_000009/')
    await page.focus('#show-3d')
    await page.keyboard.press('Enter')
    const canvas = page.getByRole('img', { name: 'Model of C2H6; arrow keys turn it' })
    await canvas.waitFor({ timeout: 60_000 })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('show-3d')
    expect(await page.textContent('#show-3d')).toBe('Show flat')
    const before = await canvas.screenshot()
    await canvas.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowUp')
    await page.waitForTimeout(500)
    expect(before.equals(await canvas.screenshot())).toBe(false)
    expect(await violations(page)).toEqual([])
    await page.focus('#show-3d')
    await page.keyboard.press('Enter')
    expect(await page.isVisible('svg.molecule')).toBe(true)
    expect(await canvas.isVisible()).toBe(false)
    await page.keyboard.press('Enter')
    await canvas.waitFor()
    expect(complaints.filter((text) => !text.includes('GPU stall'))).toEqual([])
    await page.close()
  })

  test('the ensemble builder fits weights that add up to one and gains', async () => {
    const { page } = await open(`/ensemble/?entries=${SCORED.slice(0, 3).join(',')}`)
    await page.waitForSelector('[role=status]:has-text("better than the best of them alone")')
    const weights = await page.$$eval('output', (outputs) =>
      outputs.map((output) => Number(output.textContent)),
    )
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 2)
    expect(weights[0]).toBeGreaterThan(weights[2]!)
    await page.uncheck(`[value=${SCORED[0]}]`)
    await page.waitForURL(`**/ensemble/?entries=${SCORED.slice(1, 3).join(',')}`)
    await page.waitForSelector(`[role=status]:has-text("${entryOf(SCORED[1]!)!.name}")`)
    expect(await page.textContent('#ensemble-row td')).toMatch(/^-?\d\.\d{3}$/)
    for (const id of SCORED.slice(1, 3)) await page.uncheck(`[value=${id}]`)
    await page.waitForSelector('[role=status]:has-text("Tick at least one")')
    expect(new Set(await page.locator('#ensemble-row td').allTextContents())).toEqual(
      new Set(['–']),
    )
    expect((await page.locator('output').allTextContents()).join('')).toBe('')
    await page.close()
  })

  test('numbers that cannot be loaded are said to be missing, and loaded when asked for again', async () => {
    const page = await browser.newPage()
    let isGone = true
    await page.route('**/predictions.bin', (route) =>
      isGone ? route.fulfill({ status: 404, body: 'gone' }) : route.continue(),
    )
    await page.goto(`${address}/ensemble/?entries=${SCORED.slice(0, 3).join(',')}`)
    await page.waitForSelector('[role=status]:has-text("could not be loaded")')
    isGone = false
    await page.click('#builder button')
    await page.waitForSelector('[role=status]:has-text("better than the best of them alone")')
    expect(await page.textContent('[role=status]')).not.toContain('could not be loaded')
    await page.close()
  })

  test('molecules and pages are found', async () => {
    const { page } = await open('/molecules/?q=C2H6')
    await page.waitForSelector('#found:has-text("found")')
    expect(await page.textContent('#molecules tbody')).toContain('couplet_000009')
    const [head, row] = ['thead tr', 'tbody tr:first-child'].map((one) =>
      page.locator(`#molecules ${one}`),
    )
    expect(await row!.locator('td, th').count()).toBe(await head!.locator('th').count())
    expect(Number(await row!.locator('td').last().textContent())).toBeGreaterThan(0)
    await page.fill('#molecule-search input', 'CH3OH')
    await page.waitForSelector('#molecules tbody code:text-is("CO")')
    await page.goto(`${address}/search/?q=Karplus`)
    await page.waitForSelector('#hits a')
    expect(await page.textContent('#hits')).toContain('Karplus')
    await page.close()
  })

  test('a reader chooses whose errors are drawn', async () => {
    const { page } = await open('/types/3jhh/')
    const lines = page.locator(
      '#errors svg path[stroke-width="2"], #errors svg [stroke-width="2"] path',
    )
    const before = await lines.count()
    const boxes = page.locator('#error-lines [name=entry]')
    expect(before).toBe(await page.locator('#error-lines [name=entry]:checked').count())
    await boxes.first().uncheck()
    await page.getByText(`${before - 1} of ${await boxes.count()} entries drawn.`).waitFor()
    expect(await lines.count()).toBe(before - 1)
    const linear = await page.innerHTML('#errors svg')
    await page.locator('#error-lines [name=logarithmic]').check()
    await page.waitForFunction(
      (old) => document.querySelector('#errors svg')?.innerHTML !== old,
      linear,
    )
    expect(await lines.count()).toBe(before - 1)
    await page.close()
  })

  test('without JavaScript tables and figures are there, and no dead control', async () => {
    const { page } = await open('/', { javaScriptEnabled: false })
    expect(await page.isVisible('.board td.type')).toBe(true)
    expect(await page.isVisible('.history')).toBe(true)
    expect(await page.isVisible('#board-controls')).toBe(false)
    await page.goto(`${address}/types/3jhh/`)
    expect(await page.locator('figure svg').count()).toBeGreaterThan(2)
    expect(await page.isVisible('#error-lines')).toBe(false)
    await page.goto(`${address}/molecules/couplet_000009/`)
    expect(await page.isVisible('#pairs td')).toBe(true)
    expect(await page.isVisible('#show-3d')).toBe(false)
    expect(await page.textContent('main')).not.toContain('Choose a coupling')
    await page.goto(`${address}/ensemble/`)
    expect(await page.isVisible('#ensemble-row')).toBe(false)
    expect(await page.isVisible('text=Tick some')).toBe(false)
    await page.close()
  })
})
