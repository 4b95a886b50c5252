import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findModel, type TransformersModel } from 'small-claims/models/catalogue';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { findTrainingPrograms } from 'small-claims/project/python';
import { temporaryFolder } from '../../datasets/fixture.js';
import { environment } from '../openai/means.js';

const here = projectPaths();
const script = join(here.root, 'lib', 'test', 'scoring', 'transformers', 'tiny_models.py');

const WEIGHTS = { 'config.json': null, 'model.safetensors': null, 'tokenizer.json': null };
export const TUNED = { 'adapter_config.json': null, 'adapter_model.safetensors': null };
const described = {
  title: 'Tiny',
  licence: 'none',
  provider: 'transformers',
  parameters: '0.1M',
  dtype: 'float32',
};
/** Entries of models as `tiny_models.py` makes them. */
export const entries = {
  'tiny-decoder': { ...described, files: WEIGHTS },
  'tiny-lora': { ...described, base: 'tiny-decoder', files: TUNED },
  'tiny-p-tuned': { ...described, base: 'tiny-decoder', files: TUNED },
  'tiny-prompt-tuned': { ...described, base: 'tiny-decoder', files: TUNED },
  'tiny-prefix-tuned': { ...described, base: 'tiny-decoder', files: TUNED },
  'tiny-t5': { ...described, kind: 'encoder-decoder', files: WEIGHTS },
  'tiny-classifier': { ...described, kind: 'classifier', files: WEIGHTS },
  'tiny-tagger': { ...described, kind: 'tagger', files: WEIGHTS },
};

/** The Python that trains, on one thread, and a project whose models it has made of random weights. */
export function tinyProject(t: TestContext): { readonly python: string; readonly paths: Paths } | undefined {
  const programs = findTrainingPrograms();
  if (!programs) {
    t.skip('needs the Python that trains (make train-python)');
    return undefined;
  }
  const paths: Paths = {
    ...projectPaths(temporaryFolder('tiny')),
    ...{ python: here.python, trainVenv: here.trainVenv, trainRequirements: here.trainRequirements },
  };
  mkdirSync(paths.data, { recursive: true });
  writeFileSync(paths.modelsFile, JSON.stringify(entries));
  const models = join(paths.root, 'models');
  environment(t, {
    ...{ MODELS_DIR: models, SMALL_CLAIMS_THREADS: '1', OMP_NUM_THREADS: '1' },
    // Whatever imports the worker's files would leave compiled ones beside them.
    PYTHONDONTWRITEBYTECODE: '1',
  });
  python(programs.python, ['make', models]);
  return { python: programs.python, paths };
}

/** What `tiny_models.py` says. */
export const python = (program: string, args: readonly string[], input = '') =>
  execFileSync(program, [script, ...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });

/** A model of such a project. */
export function found(id: string, paths: Paths): TransformersModel {
  const model = findModel(id, paths);
  assert.ok(model.provider === 'transformers');
  return model;
}
