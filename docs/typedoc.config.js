/** How the API documentation is made. */
export default {
  name: 'Couplet',
  readme: '../README.md',
  entryPointStrategy: 'packages',
  entryPoints: [
    '../packages/data',
    '../packages/dft',
    '../packages/engine',
    '../packages/labels',
    '../packages/layers',
    '../packages/model',
    '../packages/eval',
    '../packages/entries/*',
  ],
  highlightLanguages: [
    'bash',
    'console',
    'css',
    'html',
    'javascript',
    'json',
    'jsonc',
    'json5',
    'python',
    'tsx',
    'typescript',
    'yaml',
  ],
  projectDocuments: ['guides/*.md', 'decisions/*.md'],
  packageOptions: {
    entryPoints: ['src/@(index|node|web|chemistry|schema|conformance|features|featurize).ts'],
    disableGit: true,
    basePath: '../..',
    sourceLinkTemplate: '{path}#L{line}',
    gitRevision: 'main',
    validation: {
      notExported: true,
      notDocumented: true,
      invalidLink: true,
    },
    requiredToBeDocumented: [
      'Variable',
      'Function',
      'Class',
      'Interface',
      'Method',
      'Accessor',
      'TypeAlias',
    ],
  },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  customCss: 'typedoc.css',
  out: 'out',
  markdownItLoader: scrollTables,
}

/**
 * Wide tables scroll by themselves on narrow screens, and not the page. They stay tables for who hears them, which they do not as blocks.
 * @param {{ renderer: { rules: Record<string, () => string> } }} parser
 */
function scrollTables({ renderer: { rules } }) {
  rules.table_open = () =>
    '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'
  rules.table_close = () => '</table></div>'
}
