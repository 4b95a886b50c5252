import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { plainWeights } from 'small-claims/finetuning/base-weights';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { pinModel } from 'small-claims/models/pin';
import { trainingEntry } from 'small-claims/models/training-entry';
import { sha256File } from 'small-claims/project/digest';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { askPython, findTrainingPrograms } from 'small-claims/project/python';
import { llamaSource } from 'small-claims/scoring/llama-tools';
import { fixtureProject, layOut, temporaryFolder } from '../datasets/fixture.js';
import { MODEL, modelFile } from '../scoring/model.js';

const labels = ['Supports', 'Refutes', 'Neutral'];
const claims = (first: number) =>
  [
    'id,evidence,claim,label,topic_ip,question',
    ...Array.from(
      { length: 60 },
      (_, at) =>
        `${first + at},Trial ${at} ${labels[at % 3]} it.,Tea helps ${at}.,${labels[at % 3]},1,does it?`,
    ),
    '',
  ].join('\n');
const pairs = (first: number) =>
  [
    'pair_id\tsent1\tsent2\tscore',
    ...Array.from(
      { length: 60 },
      (_, at) => `${first + at}\tTea helps ${first + at}.\tTea helps ${at % 5}.\t${at % 5}.0`,
    ),
    '',
  ].join('\n');

/** A project with claims, pairs and a model small enough to be trained in seconds, in the vocabulary of a real one. */
export async function tinyProject(t: TestContext): Promise<Paths | undefined> {
  const programs = findTrainingPrograms();
  if (!programs) {
    t.skip('needs the Python that trains (make train-python)');
    return undefined;
  }
  const file = await modelFile(t);
  if (!file) return undefined;
  const bytes = (text: string) => Buffer.from(text);
  const releases = {
    healthver: {
      'healthver_train.csv': bytes(claims(0)),
      'healthver_test.csv': bytes(claims(100)),
    },
    biosses: { 'train.tsv': bytes(pairs(0)), 'test.tsv': bytes(pairs(100)) },
  };
  const here = projectPaths();
  const modelCache = temporaryFolder('tiny-models');
  const { python, trainVenv, trainRequirements, llamaTools } = here;
  const paths = { ...fixtureProject(releases), modelCache, python, trainVenv, trainRequirements, llamaTools };
  layOut(paths.raw, releases);
  const real = await plainWeights(programs.python, file, (await pinModel(findGguf(MODEL))).sha256);
  const folder = temporaryFolder('tiny-weights');
  const gguf = join(modelCache, 'tiny.gguf');
  await askPython(programs.python, [
    join(here.root, 'lib/test/finetuning/tiny_gguf.py'),
    real.folder,
    folder,
  ]);
  const convert = join(await llamaSource(here), 'convert_hf_to_gguf.py');
  await askPython(programs.python, [convert, folder, '--outtype', 'f32', '--outfile', gguf]);
  const described = {
    title: 'Tiny',
    provider: 'gguf',
    licence: 'none',
    parameters: '3M',
    quantisation: 'F32',
  };
  const model = { ...described, file: 'tiny.gguf', sha256: await sha256File(gguf) };
  writeFileSync(paths.modelsFile, JSON.stringify({ tiny: model }));
  assert.equal((await locateModel(findGguf('tiny', paths), paths)).path, gguf);
  return paths;
}

/** An entry that trains that model. */
export const tinyEntry = (method: string, train: string, given: object = {}) =>
  trainingEntry.parse({
    ...{ id: `tiny-${method}`, title: 'Tiny', model: 'tiny', train: [train], size: 60, seeds: [1], method },
    ...{ epochs: 2, batch: 10, learningRate: 0.02, virtualTokens: 4, ...given },
  });
