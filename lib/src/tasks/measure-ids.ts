/** A task, as far as the names of its measures go. */
type Named =
  | { readonly shape: 'one-of' | 'some-of'; readonly labels: readonly string[] }
  | { readonly shape: 'spans'; readonly types: readonly string[] }
  | { readonly shape: 'number' | 'text' };

/** The ids of the measures that a task may be measured by before all else. What they are is said in metrics. */
export function measureIds(task: Named): readonly string[] {
  switch (task.shape) {
    case 'one-of':
      return ['macro-f1', 'accuracy', 'micro-f1', ...f1Ids(task.labels)];
    case 'some-of':
      return ['micro-f1', 'macro-f1', 'exact-match', ...f1Ids(task.labels)];
    case 'number':
      return ['pearson', 'spearman'];
    case 'spans':
      return [
        'entity-f1',
        'entity-macro-f1',
        'word-macro-f1',
        ...f1Ids(task.types).flatMap((id) => [id, `word-${id}`]),
      ];
    case 'text':
      return ['rouge-l', 'rouge-1', 'rouge-2', 'exact-match'];
  }
}

/** Whether a task's main measure counts the words that spans touch, so that rows must come with their words. */
export const byWords = (task: { readonly shape: string; readonly measure?: string | undefined }): boolean =>
  task.shape === 'spans' && task.measure?.startsWith('word-') === true;

/** The ids of the F1 of each label or type, in their order: `f1-support`. */
export const f1Ids = (names: readonly string[]): readonly string[] => idsOf(names).map((id) => `f1-${id}`);

/**
 * Names in kebab-case, which those have first that are written so; one that is then empty, or another's, has its place
 * added, so that no two are the same.
 */
function idsOf(names: readonly string[]): readonly string[] {
  const kebab = names.map((name) =>
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, ''),
  );
  const ids = names.map((name, index) => (name === kebab[index] ? name : ''));
  for (const [index, id] of kebab.entries()) {
    if (ids[index] !== '') continue;
    let tried = id || `${index + 1}`;
    while (ids.includes(tried)) tried += `-${index + 1}`;
    ids[index] = tried;
  }
  return ids;
}
