import { canonicalJson, sha256 } from '../project/digest.js';
import type { Paths } from '../project/paths.js';
import type { Model } from './catalogue.js';
import { knownWeights } from './compute.js';
import { weightsHashes } from './transformers-weights.js';
import { folderHash } from './weights-folder.js';

/**
 * What a model is known by: the hash of its file or files, or the name an API gives it. Undefined where nobody has
 * downloaded it yet or turned it into what it is computed in, so that no record can be of it.
 */
export function identityOf(model: Model, paths: Paths): string | undefined {
  switch (model.provider) {
    case 'openai':
      return model.apiModel;
    case 'encoder':
      return folderHash(model, paths);
    case 'gguf':
      return knownWeights(model, paths)?.sha256;
    case 'transformers': {
      const hashes = weightsHashes(model, paths);
      return hashes && (hashes.peft === null ? hashes.weights : sha256(canonicalJson({ ...hashes })));
    }
  }
}
