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

/** This project's entries, with a stretch of data/tasks.yaml replaced. */
function withTasks(from: string, to: string): Paths {
  const here = projectPaths();
  const paths = projectPaths(temporaryFolder('meaning'));
  cpSync(here.data, paths.data, {
    recursive: true,
    filter: (path) => !['records', 'raw'].includes(basename(path)),
  });
  cpSync(join(here.root, 'requirements'), join(paths.root, 'requirements'), { recursive: true });
  writeFileSync(paths.tasksFile, changed(readFileSync(here.tasksFile, 'utf8'), from, to));
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
    'hallmarks, model': asked(hallmarks.test, 'hallmarks-listed'),
  };
  return Object.fromEntries(Object.entries(headers).map(([system, header]) => [system, recordKey(header)]));
}

/** The systems whose records are others once a stretch of data/tasks.yaml is replaced. */
function movedBy(from: string, to: string): readonly string[] {
  const before = recordKeys(projectPaths());
  const after = recordKeys(withTasks(from, to));
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

  test('its title and question only say what it is', () => {
    assert.deepEqual(movedBy('title: Claim verification', 'title: Checking of claims'), []);
    assert.deepEqual(movedBy('question: whether a piece', 'question: if a piece'), []);
  });
});
