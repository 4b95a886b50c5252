import type { AuditResult, Verdict } from '../../audit/result.js';
import { writeFileAtomic } from '../../project/atomic.js';
import { UserError } from '../../project/error.js';
import type { WantedFile } from '../../project/output-file.js';
import { visible } from '../../project/visible.js';
import type { Row } from '../../tasks/row.js';
import { type Arguments, type Command, oneOf, positiveInteger, textOption, wholeNumber } from '../command.js';

const audit: Command = {
  usage: 'audit FILE [--test FILE]',
  summary:
    'measure what a model could cheat with in a file of claims, evidence and labels (CSV, TSV, JSONL, JSON)\n\n' +
    'FILE holds the training rows and --test the test rows; without --test, FILE is divided. A build of any task, such\n' +
    'as scifact/rationales/train, can stand for a file: numbers are then audited in thirds, and of sets of labels the\n' +
    'one of --target against the rest. Exit status: 0; 1 where a check is at or above --fail-on; 2 where the input or\n' +
    'an option is wrong.',
  options: {
    test: {
      value: 'FILE',
      help: 'test rows, under the same columns, or those of --test-claim, --test-evidence, --test-label',
    },
    claim: { value: 'COLUMN', help: 'the claim, or first text (default: found by name, as all columns are)' },
    evidence: { value: 'COLUMN', help: 'the evidence, or second text' },
    'no-evidence': { help: 'rows have one text' },
    label: { value: 'COLUMN', help: 'the label' },
    'test-claim': { value: 'COLUMN', help: 'the claim in the file of --test, where it is called otherwise' },
    'test-evidence': { value: 'COLUMN', help: 'the evidence there' },
    'test-label': { value: 'COLUMN', help: 'the label there' },
    id: { value: 'COLUMN', help: 'the name of a row (default: its line)' },
    'claim-id': { value: 'COLUMN', help: 'what rows of one claim share (default: the text of the claim)' },
    document: {
      value: 'COLUMN',
      help: 'the document that evidence is from (default: the text of the evidence)',
    },
    'no-header': { help: 'the first row is data; columns are then named by number: --claim 1 --label 3' },
    format: { value: 'FORMAT', help: 'csv, tsv, jsonl or json (default: by the ending of the file)' },
    'test-share': { value: 'SHARE', help: 'of the rows of a single file, for the test (default: 0.2)' },
    group: {
      value: 'WHAT',
      help: 'not to be on both sides of a divided file: claim, evidence, both, row; of a build a text or key, row, all (default: all that rows share, where that leaves groups enough)',
    },
    target: { value: 'LABEL', help: 'of rows with sets of labels: the one that is told from the rest' },
    epochs: {
      value: 'FILE',
      help: 'map how a model learnt the training rows: JSON Lines {"id": ROW, "epochs": [{LABEL: PROBABILITY}]}',
    },
    out: { value: 'FILE', help: 'write the report there, as one HTML page' },
    json: { value: 'FILE', help: 'write all results there, as JSON' },
    'show-text': { help: 'show the texts of rows in the report, not their ids alone' },
    'fail-on': {
      value: 'VERDICT',
      help: 'exit with 1 where a check says look, or leaks, or worse (default: never)',
    },
    seed: { value: 'N', help: 'of the bootstrap, permutations and division (default: 0)' },
    replicates: { value: 'N', help: 'of the bootstrap (default: 1000)' },
    permutations: { value: 'N', help: 'of the labels, for what chance reaches (default: 999)' },
    draws: { value: 'N', help: 'of the splits that floors are taken on (default: 2)' },
    schema: { help: 'print the JSON Schema of --json, and do nothing else' },
  },
  userErrorStatus: 2,
  async run(given) {
    const { auditJsonSchema, VERDICTS } = await import('../../audit/result.js');
    if (given.options['schema']) {
      console.log(JSON.stringify(auditJsonSchema(), null, 2));
      return;
    }
    const failOn = oneOf(given, 'fail-on', ['look', 'leaks'] as const);
    const { assertWritable } = await import('../../project/output-file.js');
    assertWritable(reportsWanted(given), inputsOf(given));
    const seed = wholeNumber(given, 'seed') ?? 0;
    const [replicates, permutations, draws] = [
      positiveInteger(given, 'replicates'),
      positiveInteger(given, 'permutations'),
      positiveInteger(given, 'draws'),
    ];
    const [{ audit: measure }, { auditData }, { auditSets }, { summaryText }] = await Promise.all([
      import('../../audit/audit.js'),
      import('../../audit/data.js'),
      import('../audit-input/audit-sets.js'),
      import('../../audit-report/summary.js'),
    ]);
    const { train, test, fields, keys, divided, notes } = await auditSets(given, seed);
    const target = textOption(given, 'target');
    const taken = { fields, ...(target !== undefined && { target }) };
    const data = auditData(train.rows, test.rows, taken);
    for (const note of [...notes, ...data.notes]) console.error(visible(note));
    const epochsFile = textOption(given, 'epochs');
    const { readEpochs } = await import('../audit-input/epochs.js');
    const epochs = epochsFile === undefined ? undefined : readEpochs(epochsFile, train.rows, data.labels);
    const result = await measure(train.rows, test.rows, {
      ...taken,
      keys,
      divided,
      names: { train: train.name, test: test.name },
      notes,
      seed,
      ...(replicates !== undefined && { replicates }),
      ...(permutations !== undefined && { permutations }),
      ...(draws !== undefined && { splits: { draws } }),
      ...(epochs && { epochs }),
    });
    console.log(`\n${visible(summaryText(result), '\n')}`);
    await writeReports(result, given, [...train.rows, ...test.rows]);
    const gravity = (verdict: Verdict) => VERDICTS.indexOf(verdict);
    if (failOn !== undefined && gravity(result.verdict) >= gravity(failOn)) process.exitCode = 1;
  },
};
export default audit;

/** The files that are asked for, and how to know one that an earlier audit has written. */
function reportsWanted(given: Arguments): readonly WantedFile[] {
  const begins = { out: /<title>Audit of /, json: /^\{\s*"format":\s*"small-claims audit"/ };
  return (['out', 'json'] as const).flatMap((option) => {
    const path = textOption(given, option);
    return path === undefined ? [] : [{ option: `--${option}`, path, begins: begins[option] }];
  });
}

const inputsOf = (given: Arguments): readonly string[] => [
  ...given.names,
  ...['test', 'epochs'].flatMap((option) => textOption(given, option) ?? []),
];

async function writeReports(result: AuditResult, given: Arguments, rows: readonly Row[]): Promise<void> {
  const out = textOption(given, 'out');
  const json = textOption(given, 'json');
  if (json !== undefined) write(json, `${JSON.stringify(result, null, 1)}\n`);
  if (out !== undefined) {
    const { auditPage } = await import('../../audit-report/page.js');
    const texts = given.options['show-text']
      ? { texts: new Map(rows.map(({ id, texts }) => [id, texts])) }
      : {};
    write(out, await auditPage(result, texts));
  } else console.log('\nThe report, with charts and the rows concerned: add --out report.html');
}

function write(file: string, content: string): void {
  try {
    writeFileAtomic(file, content);
  } catch (cause) {
    throw new UserError('cannot be written', { at: { file }, hint: String(cause), cause });
  }
  console.log(`written: ${file}`);
}
