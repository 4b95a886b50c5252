import type { Environment } from 'small-claims/pipeline/reproduction/environment';

/** An environment of nowhere. */
export const SOME_ENVIRONMENT: Environment = {
  node: 'v20.0.0',
  npmTree: 'abc',
  llamaCpp: 'b1',
  cpu: 'a CPU',
  cores: 2,
  memoryGiB: 8,
  system: 'linux x64',
  gpus: [],
  models: {},
  answered: {},
  adapters: {},
  data: {},
};
