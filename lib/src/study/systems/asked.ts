import type { Adapter } from '../../models/adapters.js';
import type { Model } from '../../models/catalogue.js';
import { identityOf } from '../../models/identity.js';
import type { Paths } from '../../project/paths.js';
import { answersOf, answersRecord, runAvailability } from '../../scoring/answers.js';
import type { Run } from '../../scoring/run.js';
import type { ScorerPool } from '../../scoring/scorer-pool.js';
import type { ModelSystem, TestSet } from './system.js';

/** What asking takes besides the model. */
export interface Asking {
  readonly pool: ScorerPool;
  readonly layout?: Run['layout'];
  readonly paths: Paths;
}

type Described = Omit<ModelSystem, 'run' | 'records' | 'missing' | 'answers'>;

/** A model that is asked, in one state of teaching. @param taught what is asked besides model, prompt, layout and rows. */
function askedSystem(
  described: Described,
  taught: (test: TestSet) => Partial<Pick<Run, 'adapter' | 'prompt' | 'shots'>>,
  { pool, layout, paths }: Asking,
): ModelSystem {
  const run = (test: TestSet): Run => ({
    model: described.model.id,
    prompt: test.prompt,
    test: test.test,
    layout,
    ...taught(test),
  });
  return {
    ...described,
    run,
    records(test) {
      const { model } = described;
      if (identityOf(model, paths) === undefined) return [];
      return [answersRecord(run(test), paths)];
    },
    missing: (test) => runAvailability(run(test), paths).missing,
    answers: (test) => answersOf(run(test), pool, paths),
  };
}

/** A model as it is. */
export const zeroShot = (model: Model, asking: Asking): ModelSystem =>
  askedSystem({ model, method: 'zero-shot' }, () => ({}), asking);

/** A model that is shown solved examples of the test set's training pool. */
export const fewShot = (model: Model, count: number, seed: number, asking: Asking): ModelSystem =>
  askedSystem(
    { model, method: `${count}-shot`, seed },
    ({ train }) => ({ shots: { count, seed, from: train } }),
    asking,
  );

/** A model under an adapter, asked as it was trained, or else as the data set is. */
export const adapted = (
  described: Described,
  { id, prompt }: Pick<Adapter, 'id'> & { readonly prompt?: string },
  asking: Asking,
): ModelSystem =>
  askedSystem({ ...described, adapter: id }, () => ({ adapter: id, ...(prompt && { prompt }) }), asking);
