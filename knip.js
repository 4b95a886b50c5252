// What nothing uses: `make check` runs knip (https://knip.dev) with this.

/** The code of a notebook, as one module. */
const codeOf = (notebook) =>
  JSON.parse(notebook)
    .cells.filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => [source].flat().join(''))
    .join('\n');

// Folders that are being rebuilt. A folder leaves this list when it has no dead exports any more, and so does index.ts
// when it exports only what a notebook uses.
const NOT_YET = [
  'index.ts',
  ...['tasks', 'datasets', 'metrics', 'reporting', 'models', 'scoring'],
  ...['finetuning', 'study'],
];

export default {
  include: ['exports', 'types', 'duplicates', 'dependencies', 'unlisted'],
  compilers: { '.ipynb': codeOf },
  workspaces: {
    '.': {
      entry: ['notebooks/*.ipynb'],
      project: ['notebooks/*.ipynb'],
      // Run by their paths, or by tests.
      ignoreDependencies: ['@biomejs/biome', 'axe-core', 'html-validate', 'playwright-core'],
    },
    lib: {
      // Every file can be imported by its path (package.json, exports) and is an entry for it: so look at entries as well.
      includeEntryExports: true,
      // Tests are no users: what they alone use is to go, or says `@internal` where they could not reach it otherwise.
      entry: ['bench/*.ts'],
      project: ['src/**/*.ts', 'bench/**/*.ts'],
      // Loaded with `require`.
      ignoreDependencies: ['@expo-google-fonts/.+', 'cephes'],
    },
  },
  tags: ['-internal'],
  ignoreIssues: Object.fromEntries(
    NOT_YET.map((room) => [
      `lib/src/${room}${room.includes('.') ? '' : '/**'}`,
      ['exports', 'types', 'duplicates'],
    ]),
  ),
};
