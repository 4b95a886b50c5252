import { join } from 'node:path';
import type { Paths } from '../../project/paths.js';
import { type Fingerprint, isFingerprint, readState } from './fingerprint.js';

/** What the paper was rendered from and what came out, as commands/paper.ts keeps it. */
export interface RenderedState {
  readonly ingredients: Fingerprint;
  readonly outputs: Fingerprint;
}

/** What is known of the last rendering; undefined where there was none. */
export function readRenderedState({ build }: Pick<Paths, 'build'>): RenderedState | undefined {
  return readState(join(build, 'paper.json'), isRendered);
}

function isRendered(value: object): value is RenderedState {
  return (
    'ingredients' in value &&
    isFingerprint(value.ingredients) &&
    'outputs' in value &&
    isFingerprint(value.outputs)
  );
}
