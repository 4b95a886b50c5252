import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { answerBaselineRecord } from 'small-claims/audit/builds/build-answers';
import { baselineRecord } from 'small-claims/audit/builds/build-baseline';
import type { BuildName } from 'small-claims/datasets/build-name';
import { factsHeader } from 'small-claims/datasets/facts';
import { encoderHeader } from 'small-claims/finetuning/encoder-run';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { recordKey } from 'small-claims/records/header';
import { answersRecord } from 'small-claims/scoring/answers';
import { openStudy } from 'small-claims/study/study';
import { temporaryFolder } from '../datasets/fixture.js';
import { changed } from '../tasks/entries.js';

const FIELDS = '    claim: {}\n    evidence: { optional: true }\n';

/** A file of entries, as `projectPaths` names it. */
type EntriesFile = 'tasksFile' | 'datasetsFile' | 'promptsFile';

/** This project's entries, with a stretch of a file of theirs replaced. */
function withEntries(file: EntriesFile, from: string, to: string): Paths {
  const here = projectPaths();
  const paths = projectPaths(temporaryFolder('meaning'));
  cpSync(here.data, paths.data, {
    recursive: true,
    filter: (path) => !['records', 'raw'].includes(basename(path)),
  });
  cpSync(join(here.root, 'requirements'), join(paths.root, 'requirements'), { recursive: true });
  writeFileSync(paths[file], changed(readFileSync(here[file], 'utf8'), from, to));
  return paths;
}

/** The keys of the records of what systems of every kind make of claims and of hallmarks. */
function recordKeys(paths: Paths): Readonly<Record<string, string>> {
  const claims = { train: 'scifact/rationales/train', test: 'healthver/rows/test' } as const;
  const hallmarks = { train: 'hoc/sentences/train', test: 'hoc/sample/test' } as const;
  const asked = (test: BuildName, prompt: string) =>
    answersRecord({ model: 'smollm2-135m-instruct', prompt, test }, paths).header;
  const entry = openStudy('small', paths).plan.training?.find(({ method }) => method === 'encoder');
  assert.ok(entry?.method === 'encoder');
  const headers = {
    'claims, facts': factsHeader(claims.test, paths),
    'claims, word classifier': baselineRecord({ ...claims, input: 'both' }, paths).header,
    'claims, encoder': encoderHeader({ entry, seed: 0, test: claims.test }, paths),
    'claims, model': asked(claims.test, 'true-false-unknown'),
    'hallmarks, facts': factsHeader(hallmarks.test, paths),
    'hallmarks, word classifier': answerBaselineRecord(hallmarks, paths).header,
    'diseases, facts': factsHeader('ncbi-disease/rows/test', paths),
    'questions, facts': factsHeader('pubmedqa/rows/test', paths),
    'questions, model': asked('pubmedqa/rows/test', 'yes-no-maybe'),
    'hallmarks, model': asked(hallmarks.test, 'hallmarks-listed'),
  };
  return Object.fromEntries(Object.entries(headers).map(([system, header]) => [system, recordKey(header)]));
}

/** The systems whose records are others once a stretch of data/tasks.yaml, or of another file, is replaced. */
function movedBy(from: string, to: string, file: EntriesFile = 'tasksFile'): readonly string[] {
  const before = recordKeys(projectPaths());
  const after = recordKeys(withEntries(file, from, to));
  return Object.keys(before).filter((system) => before[system] !== after[system]);
}

describe('a record is of what its task means', () => {
  test('labels in another order are another task, to every system', () => {
    assert.deepEqual(movedBy('[SUPPORT, CONTRADICT, NEI]', '[NEI, SUPPORT, CONTRADICT]'), [
      'claims, facts',
      'claims, word classifier',
      'claims, encoder',
      'claims, model',
    ]);
    const [first, second] = ['    - avoiding immune destruction\n', '    - cellular energetics\n'];
    assert.deepEqual(movedBy(first + second, second + first), [
      'hallmarks, facts',
      'hallmarks, word classifier',
      'hallmarks, model',
    ]);
  });

  test('fields in another order are too, as the first is what spans lie in', () => {
    assert.equal(movedBy(FIELDS, '    evidence: { optional: true }\n    claim: {}\n').length, 4);
  });

  test('so are keys of another name', () => {
    assert.equal(movedBy('    claim: claimId\n', '    statement: claimId\n').length, 4);
  });

  test('a measure of words needs facts that have the words, and moves nothing else', () => {
    const types = '  types: [Disease]\n';
    assert.deepEqual(movedBy(types, `${types}  measure: word-macro-f1\n`), ['diseases, facts']);
    assert.deepEqual(movedBy(types, `${types}  measure: entity-macro-f1\n`), []);
  });

  test('files that are read in another order, or by another reader, are other rows', () => {
    const [first, second] = ['ori_pqal.json', 'test_ground_truth.json'];
    assert.deepEqual(
      movedBy(`    test: [${first}, ${second}]\n`, `    test: [${second}, ${first}]\n`, 'datasetsFile'),
      ['questions, facts', 'questions, model'],
    );
    assert.deepEqual(movedBy('  reader: iob\n', '  reader: hoc\n', 'datasetsFile'), ['diseases, facts']);
  });

  test('builds that are learnt from in another order are another training', () => {
    const entry = openStudy('small').plan.training?.find(({ method }) => method === 'encoder');
    assert.ok(entry?.method === 'encoder');
    const keyOf = (...train: BuildName[]) =>
      recordKey(encoderHeader({ entry: { ...entry, train }, seed: 0, test: 'healthver/rows/test' }));
    const builds = ['healthver/rows/dev', 'pubmedqa/rows/train', 'scifact/rationales/train'] as const;
    const [a, b, c] = builds;
    const keys = [keyOf(a, b), keyOf(b, a), keyOf(a, c), keyOf(c, a), keyOf(a, b, c), keyOf(c, b, a)];
    assert.equal(new Set(keys).size, keys.length);
  });

  test('answers that a prompt spells out as they are anyway change nothing, and other words do', () => {
    const question = '  question: "Answer with one word: yes, no or maybe."\n\nconclusion';
    const saying = (words: string) =>
      movedBy(question, question.replace('\n\n', `\n  answers: ${words}\n\n`), 'promptsFile');
    assert.deepEqual(saying('{ yes: "yes", "no": "no", maybe: maybe }'), []);
    assert.deepEqual(saying('{ maybe: maybe, "no": "no", yes: "yes" }'), []);
    assert.deepEqual(saying('{ yes: "yes", "no": "no", maybe: perhaps }'), ['questions, model']);
  });

  test('its title and question only say what it is', () => {
    assert.deepEqual(movedBy('title: Claim verification', 'title: Checking of claims'), []);
    assert.deepEqual(movedBy('question: whether a piece', 'question: if a piece'), []);
  });
});
