// What nothing uses: `make check` runs knip (https://knip.dev) with this.

/** The code of a notebook, as one module. */
const codeOf = (notebook) =>
  JSON.parse(notebook)
    .cells.filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => [source].flat().join(''))
    .join('\n');

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
      // Tests are no users: what they alone use is to go, or says `@internal` where they could not reach it otherwise. But
      // the one that runs an example of all that index.ts exports stands for users elsewhere, and readers are found by name.
      entry: ['bench/*.ts', 'browser/*.js', 'test/docs/public-face.test.ts', 'src/datasets/readers/*.ts'],
      project: ['src/**/*.ts', 'bench/**/*.ts', 'browser/*.js'],
      // Loaded with `require`.
      ignoreDependencies: ['@expo-google-fonts/.+', 'cephes'],
    },
  },
  tags: ['-internal'],
  // What a reader is read by is looked up in the file of its name.
  ignoreIssues: { 'lib/src/datasets/readers/*.ts': ['exports'] },
};
