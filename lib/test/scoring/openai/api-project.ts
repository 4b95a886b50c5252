import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { fixtureProject, healthverCsv, layOut } from '../../datasets/fixture.js';

const releases = { healthver: { 'healthver_test.csv': Buffer.from(healthverCsv) } };

/** A project whose study asks OpenAI's models of this project, and one on a server of its own. */
export function apiProject(): Paths {
  const [here, paths] = [projectPaths(), fixtureProject(releases)];
  layOut(paths.raw, releases);
  cpSync(here.pricesFile, paths.pricesFile);
  const own = [
    'own-vllm:',
    '  title: A model of our own',
    '  licence: Apache-2.0',
    '  provider: openai',
    '  server: vllm',
    '  apiModel: org/model',
    '  weights: org/model@0123abc',
    '  endpoint: TEST_SERVER',
    '',
  ];
  writeFileSync(paths.modelsFile, `${readFileSync(here.modelsFile, 'utf8')}\n${own.join('\n')}`);
  mkdirSync(paths.studies);
  const study = readFileSync(join(here.studies, 'small.yaml'), 'utf8');
  const models = 'models:\n  - gpt-4o\n  - gpt-5\n  - own-vllm\n';
  writeFileSync(join(paths.studies, 'own.yaml'), study.replace(/models:\n( {2}- .*\n)+/, models));
  return paths;
}
