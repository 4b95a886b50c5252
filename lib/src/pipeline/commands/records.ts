import { existsSync } from 'node:fs';
import { UserError } from '../../project/error.js';
import { nearest } from '../../project/nearest.js';
import type { SealedRecord } from '../../records/store.js';
import type { AnswerRow } from '../../scoring/answers.js';
import type { Run } from '../../scoring/run.js';
import type { Study } from '../../study/study.js';
import { attemptEach } from '../attempts.js';
import type { Command } from '../command.js';
import { shortPath } from '../notebook/notebook.js';

const records: Command = {
  usage: 'records [TEXT...]',
  summary:
    'score every run of the study that has no record yet, or those with TEXT in the record’s name (smollm2, healthver, 8-shot), and train the encoders it takes (hours on a CPU; goes on where it was interrupted)',
  options: {},
  async run({ names: texts }) {
    const [
      { openStudy },
      { adapterIds, findAdapter },
      { writeCard },
      { massWarning },
      { readingOf, textsFile },
    ] = await Promise.all([
      import('../../study/study.js'),
      import('../../models/adapters.js'),
      import('../../study/adapter-card.js'),
      import('../../scoring/label-score.js'),
      import('../../scoring/generation.js'),
    ]);
    const study = openStudy();
    let wanting: number;
    try {
      wanting = await attemptEach(named(await makers(study), texts), async ({ make }) => {
        const { header, path, origin, rows } = await make();
        const file = textsFile(path, study.paths);
        const texts = existsSync(file) ? shortPath(file) : undefined;
        const reading = readingOf(rows, { texts, shown: (header['shots'] ?? null) !== null });
        const made = origin === 'replayed' ? 'there already' : 'computed';
        console.log(`${shortPath(path)}: ${made}${reading ? `; ${reading.said}` : ''}`);
        const warning = massWarning(rows) ?? reading?.warning;
        if (warning !== undefined) console.error(`${shortPath(path)}: ${warning}`);
      });
      // The cards of adapters tell their scores.
      for (const id of adapterIds()) await writeCard(findAdapter(id), study);
    } finally {
      await study.close();
    }
    if (wanting > 0) {
      throw new UserError(`${wanting} of the study’s records could not be made`, {
        hint: 'The reasons are above.',
      });
    }
  },
};
export default records;

/** A record that the study asks for, and how it is made. */
interface Maker {
  readonly name: string;
  make(): Promise<SealedRecord<AnswerRow>>;
}

/** Those behind an endpoint first: what they want, a key or money, is said before hours of scoring, not after. */
async function makers(study: Study): Promise<readonly Maker[]> {
  const { paths } = study;
  const [{ encoderRun, encoderRunName, encoderRuns }, { answersName }] = await Promise.all([
    import('../../finetuning/encoder-run.js'),
    import('../../scoring/answers.js'),
  ]);
  const encoders = (study.plan.training ?? []).filter((entry) => entry.method === 'encoder');
  const asked = (runs: readonly Run[]) =>
    runs.map((run): Maker => {
      const { model, test, prompt, adapter, shots } = run;
      return {
        name: answersName(run, paths),
        make: () => study.responses(model, test, { prompt, adapter, ...(shots && { shots }) }),
      };
    });
  const trained = encoderRuns(encoders, study.tests, paths).map(
    (run): Maker => ({ name: encoderRunName(run), make: () => encoderRun(run, paths) }),
  );
  return [...asked(study.apiRuns), ...trained, ...asked(study.runs)];
}

/** Those whose names have one of the texts; all without any. @throws UserError if a text is in none. */
function named(all: readonly Maker[], texts: readonly string[]): readonly Maker[] {
  const stray = texts.find((text) => !all.some(({ name }) => name.includes(text)));
  if (stray !== undefined) {
    const near = nearest(stray, [...new Set(all.flatMap(({ name }) => name.split(/[/.+]|-(?=rows|shot)/)))]);
    throw new UserError(`no record of the study has "${stray}" in its name`, {
      hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Names are such as ${all[0]?.name} and ${all.at(-1)?.name}.`,
    });
  }
  return texts.length === 0 ? all : all.filter(({ name }) => texts.some((text) => name.includes(text)));
}
