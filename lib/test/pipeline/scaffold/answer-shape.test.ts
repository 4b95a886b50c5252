import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { readTable } from 'small-claims/datasets/formats/table';
import { guessAnswers } from 'small-claims/pipeline/scaffold/answer-shape';
import { draftDataset } from 'small-claims/pipeline/scaffold/dataset-draft';
import { outlinedTask } from 'small-claims/pipeline/scaffold/task-draft';
import type { ShapeName } from 'small-claims/tasks/task';
import { scratchProject } from '../scratch-project.js';

const column = (...cells: readonly string[]) =>
  ['Post\tADRs', ...cells.map((cell, at) => `This is what patient ${at} wrote\t${cell}`), ''].join('\n');

const guess = (cells: readonly string[], shape?: ShapeName, words: readonly string[] = []) =>
  guessAnswers(readTable(Buffer.from(column(...cells)), 'posts.tsv', {}), 'ADRs', shape, words);

describe('answers look like', () => {
  for (const [separator, cells] of [
    [';', ['dizzy;naus.', 'naus.', '', 'dizzy; rash']],
    [',', ['dizzy, naus.', 'naus.', '', 'dizzy,rash', 'rash']],
    ['|', ['dizzy|naus.', 'rash', '']],
  ] as const) {
    test(`label sets where cells part by "${separator}" into words that come again`, () => {
      assert.deepEqual(guess(cells), { shape: 'some-of', labels: ['dizzy', 'naus.', 'rash'] });
      assert.deepEqual(guess(cells, 'some-of'), { shape: 'some-of', labels: ['dizzy', 'naus.', 'rash'] });
    });
  }

  test('one label where its name holds a comma, numbers where it is a decimal one, and texts of sentences', () => {
    const sides = ['breast, left', 'breast, right', 'breast, left'];
    assert.deepEqual(guess(sides), { shape: 'one-of', labels: ['breast, left', 'breast, right'] });
    assert.equal(guess(['3,5', '3,5', '4,5', '4,3', '5,3']).shape, 'one-of');
    assert.equal(
      guess(['He is well, he says, and sleeps.', 'She is well, she says; no pain.']).shape,
      'text',
    );
  });

  test('sets parted by "|" alone where a known label holds a comma', () => {
    const known = ['pain, acute', 'rash'];
    assert.deepEqual(guess(['pain, acute|rash', 'rash'], 'some-of', known).labels, known);
  });
});

describe('a data set of label sets', () => {
  const outline = (t: TestContext, cells: readonly string[], labels: Readonly<Record<string, string>>) => {
    const paths = scratchProject(t);
    const file = join(paths.root, 'posts.tsv');
    writeFileSync(file, column(...cells));
    const task = outlinedTask({ name: 'side-effects', shape: 'some-of', labels: ['nausea', 'dizziness'] });
    const columns = { gold: 'ADRs', text: 'Post' };
    return [{ name: 'forum', files: { all: file }, task, columns, labels }, paths] as const;
  };

  test('is read by the words that the file has for labels, an empty cell as none', async (t) => {
    const words = { dizzy: 'dizziness', 'naus.': 'nausea' };
    const { rows } = await draftDataset(...outline(t, ['dizzy;naus.', '', 'naus.'], words));
    assert.deepEqual(
      rows['all']?.map(({ gold }) => gold),
      [['nausea', 'dizziness'], [], ['nausea']],
    );
  });

  test('with unknown words is refused: a label near by is proposed, else the place is left for one', async (t) => {
    await assert.rejects(
      draftDataset(...outline(t, ["naus.;can't sleep", 'dizzy;nauzea'], {})),
      ({ message }: Error) =>
        message.includes(`--labels 'can'\\''t sleep=LABEL,dizzy=dizziness,naus.=nausea,nauzea=nausea'`),
    );
  });
});
