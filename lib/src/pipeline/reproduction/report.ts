import { escapeHtml } from '../../reporting/escape.js';
import type { Compared } from './comparison.js';
import type { Environment } from './environment.js';
import type { Taken } from './reproduction.js';
import { MEANINGS, TOLERANCES, type Tolerance } from './tolerance.js';

/** All that a reproduction has found. */
export interface Reproduction {
  readonly notebooks: readonly string[];
  readonly compared: readonly Compared[];
  /** What each failed notebook threw, by name. */
  readonly failures: ReadonlyMap<string, string>;
  /** Of the records these results rest on. */
  readonly taken: readonly Taken[];
  /** Records that had to be made before there was anything to compare with. */
  readonly uncommitted: readonly string[];
  /** The machines the committed records were made on. */
  readonly madeOn: readonly string[];
  readonly here: Environment;
  /** Pairs of a figure that is drawn differently. */
  readonly figures: readonly { readonly id: string; readonly committed: string; readonly again: string }[];
}

/**
 * 0: all that was asked for was made again and is within tolerance of what is committed; 1: something is outside; 2: nothing
 * is outside, but not all that was asked for was made again, or there was nothing committed to compare it with.
 */
export function verdict({ compared, failures, taken, uncommitted }: Reproduction): 0 | 1 | 2 {
  if (compared.some((each) => each.class === 'outside')) return 1;
  const apart = compared.some((each) => each.class === 'missing' || each.class === 'new');
  const wanting = taken.some(({ unasked }) => !unasked);
  return failures.size > 0 || wanting || uncommitted.length > 0 || apart ? 2 : 0;
}

const VERDICTS = [
  'Everything that was asked for was made again and is within tolerance.',
  'Something is outside its tolerance.',
  'Nothing is outside its tolerance, but not everything that was asked for was made again and compared with what is committed.',
] as const;

const count = (compared: readonly Compared[], tolerance: Tolerance, kind?: Compared['kind']) =>
  compared.filter((each) => each.class === tolerance && (!kind || each.kind === kind)).length;

/** The report for a terminal. */
export function reportText(found: Reproduction): string {
  const { compared, failures, taken, uncommitted } = found;
  const lines = [
    ...TOLERANCES.map(
      (each) =>
        `${each.padEnd(9)} ${`${count(compared, each, 'value')} values, ${count(compared, each, 'table')} tables, ${count(compared, each, 'figure')} figures`.padEnd(36)} ${MEANINGS[each]}`,
    ),
    '',
    ...compared
      .filter((each) => each.class !== 'exact')
      .flatMap(({ kind, id, notebook, differences, ...each }) => [
        `${each.class}: ${kind} ${id} (${notebook})`,
        ...differences.slice(0, 5).map((text) => `  ${text}`),
        ...(differences.length > 5 ? [`  and ${differences.length - 5} more`] : []),
      ]),
    ...[...failures].map(([name, why]) => `${name} did not run to its end: ${why}`),
    ...taken.map(
      ({ record, why, unasked }) => `${unasked ? 'not asked for' : 'not made again'}: ${record} (${why})`,
    ),
    ...uncommitted.map((record) => `not committed: ${record} (made here, twice)`),
    '',
    ...environments(found).map(([what, before, now]) => `${what}: ${before} | here: ${now}`),
    '',
    VERDICTS[verdict(found)],
  ];
  return lines.join('\n');
}

/** What the committed records were made with, and what there is here. */
function environments({ madeOn, here }: Reproduction): [what: string, committed: string, here: string][] {
  const { cpu, cores, memoryGiB, system, node, gpus, llamaCpp, npmTree } = here;
  const inUse = 'as in the records’ headers, or they would have been made anew';
  return [
    ['machine', madeOn.join('; '), `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`],
    ['GPU', 'the device named with each machine', gpus.join('; ') || 'none that tells'],
    ['llama.cpp', inUse, llamaCpp],
    ['npm packages', 'package-lock.json of this commit', `package-lock.json ${npmTree.slice(0, 12)}`],
  ];
}

/** The report as a page that stands alone. */
export function reportHtml(found: Reproduction): string {
  const { compared, failures, taken, uncommitted, here, figures, notebooks } = found;
  const row = (cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  const table = (caption: string, heads: readonly string[], rows: readonly (readonly string[])[]) =>
    rows.length === 0
      ? ''
      : `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join('')}</tr></thead><tbody>${rows.map(row).join('\n')}</tbody></table>`;
  const image = (svg: string, alt: string) =>
    `<img alt="${escapeHtml(alt)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>What was made again, and what came of it</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
table{border-collapse:collapse;margin:1.5rem 0;width:100%}caption{text-align:left;font-weight:600}
td,th{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #d0d7de;overflow-wrap:anywhere}
figure{display:grid;grid-template-columns:1fr 1fr;gap:1rem;margin:1rem 0}img{max-width:100%}</style></head><body><main>
<h1>What was made again, and what came of it</h1>
<p><strong>${escapeHtml(VERDICTS[verdict(found)])}</strong> Notebooks: ${escapeHtml(notebooks.join(', '))}.</p>
${table(
  'Classes',
  ['class', 'values', 'tables', 'figures', 'means'],
  TOLERANCES.map((each) => [
    each,
    `${count(compared, each, 'value')}`,
    `${count(compared, each, 'table')}`,
    `${count(compared, each, 'figure')}`,
    MEANINGS[each],
  ]),
)}
${table(
  'What was not made again, so that the committed record was used',
  ['record', 'why'],
  taken.map(({ record, why }) => [record, why]),
)}
${table(
  'Records that are not committed, made here twice',
  ['record'],
  uncommitted.map((record) => [record]),
)}
${table('Notebooks that did not run to their end', ['notebook', 'why'], [...failures])}
${table(
  'Every value, table and figure',
  ['class', 'what', 'notebook', 'committed -> made again', 'sources not made again'],
  [...compared]
    .sort((a, b) => TOLERANCES.indexOf(b.class) - TOLERANCES.indexOf(a.class))
    .map(({ kind, id, notebook, differences, taken: used, sources, ...each }) => [
      each.class,
      `${kind} ${id}`,
      notebook,
      differences.join('; ') || 'the same',
      `${used} of ${sources}`,
    ]),
)}
${figures
  .map(
    ({ id, committed, again }) =>
      `<h2>${escapeHtml(id)}</h2><figure>${image(committed, 'as committed')}${image(again, 'as made again')}</figure>`,
  )
  .join('\n')}
${table('Environments', ['', 'committed', 'here'], environments(found))}
${table('Models of the study', ['model', 'hash or dated name'], Object.entries(here.models))}
${table('Models behind an API, as they answered', ['model', 'dated name and days'], Object.entries(here.answered))}
${table('Adapters', ['adapter', 'SHA-256'], Object.entries(here.adapters))}
${table('Data', ['file', 'SHA-256'], Object.entries(here.data))}
</main></body></html>
`;
}
