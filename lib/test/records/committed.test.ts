import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerBaselineRecord } from 'small-claims/audit/builds/build-answers';
import { buildAudit } from 'small-claims/audit/builds/build-audit';
import { baselineRecord } from 'small-claims/audit/builds/build-baseline';
import { splitFloorsRecord } from 'small-claims/audit/builds/build-split-floors';
import { buildTransfer } from 'small-claims/audit/builds/build-transfer';
import { rankBuilds } from 'small-claims/audit/claim-verification/rebuilds';
import { type BuildName, isBuildName } from 'small-claims/datasets/build-name';
import { factsHeader, factsName } from 'small-claims/datasets/facts';
import { encoderHeader, encoderRunName } from 'small-claims/finetuning/encoder-run';
import { epochScoresHeader, epochScoresName } from 'small-claims/finetuning/epoch-record';
import { findAdapter } from 'small-claims/models/adapters';
import { adapterId } from 'small-claims/models/training-entry';
import { projectPaths } from 'small-claims/project/paths';
import type { RecordHeader } from 'small-claims/records/header';
import { headerOf } from 'small-claims/records/record-file';
import { type Records, recordName } from 'small-claims/records/store';
import { answersRecord } from 'small-claims/scoring/answers';
import { openStudy } from 'small-claims/study/study';
import { z } from 'zod';

const paths = projectPaths();

/** A store with no records, which tells what it is asked for. */
async function askedOf(ask: (records: Records) => Promise<unknown>): Promise<Asked> {
  let asked: Asked | undefined;
  const records: Records = {
    find: () => undefined,
    ensure({ header, name }) {
      asked = { header, name };
      throw new Error('this store computes nothing');
    },
  };
  await assert.rejects(async () => ask(records), /computes nothing/);
  assert.ok(asked);
  return asked;
}

/** What the code asks the store for. */
interface Asked {
  readonly header: RecordHeader;
  readonly name: string;
}

// What a committed header says in words; what it says in hashes and versions is the code's to say again.
const build = z.object({ build: z.custom<BuildName>(isBuildName) }).transform((header) => header.build);
const pair = { train: build, test: build };
const words = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('facts'), of: build }),
  z.object({
    kind: z.literal('baseline'),
    input: z.string().optional(),
    apart: z.array(z.string()).optional(),
    ...pair,
  }),
  z.object({ kind: z.literal('floors'), size: z.number(), draws: z.number(), build }),
  z.object({ kind: z.literal('transfer'), input: z.string(), size: z.number(), ...pair }),
  z.object({ kind: z.literal('audit'), ...pair }),
  z.object({ kind: z.literal('repair'), label: z.string(), ...pair }),
  z.object({ kind: z.literal('epochs'), adapter: z.object({ id: z.string() }) }),
  z.object({
    kind: z.enum(['run', 'generation']),
    build,
    model: z.object({ id: z.string() }),
    prompt: z.object({ template: z.string() }).optional(),
    adapter: z.object({ id: z.string() }).nullish(),
    shots: z.object({ count: z.number(), from: build, seed: z.number() }).nullish(),
    training: z.object({ seed: z.number() }).loose().optional(),
  }),
]);

async function askAgain(header: RecordHeader, file: string): Promise<Asked> {
  const said = words.parse(header);
  switch (said.kind) {
    case 'facts':
      return { header: factsHeader(said.of), name: factsName(said.of) };
    case 'baseline':
      return said.input === undefined
        ? answerBaselineRecord(said)
        : baselineRecord({ ...said, input: said.input, apart: said.apart ?? [] });
    case 'floors':
      return splitFloorsRecord(said);
    case 'transfer':
      return askedOf((records) => buildTransfer(said, paths, records));
    case 'audit':
      return askedOf((records) => buildAudit(said, paths, records));
    case 'repair': {
      const { label, train, test: tried } = said;
      const repair = { train, test: tried, name: train };
      return askedOf((records) => rankBuilds([repair], label, paths, records));
    }
    case 'epochs': {
      const adapter = findAdapter(said.adapter.id);
      const again = epochScoresHeader(adapter);
      assert.ok(again, `${adapter.id} was trained here`);
      return { header: again, name: epochScoresName(adapter) };
    }
    default: {
      if (said.training) return encoderAgain(said.build, said.training.seed, file);
      assert.ok(said.prompt);
      const { model, prompt, adapter, shots } = said;
      const run = { model: model.id, prompt: prompt.template, test: said.build };
      return answersRecord(
        { ...run, ...(adapter && { adapter: adapter.id }), ...(shots && { shots }) },
        paths,
      );
    }
  }
}

const STUDIES = readdirSync(paths.studies).map((file) => openStudy(file.replace('.yaml', '')));

/** An encoder's header holds all of its entry but the name, which its folder has. */
function encoderAgain(tried: BuildName, seed: number, file: string): Asked {
  const entry = STUDIES.flatMap(({ plan }) => plan.training ?? []).find(
    (each) => each.method === 'encoder' && file.includes(`+${adapterId(each, seed)}/`),
  );
  assert.ok(entry?.method === 'encoder', `${file}: no study trains it`);
  const run = { entry, seed, test: tried };
  return { header: encoderHeader(run), name: encoderRunName(run) };
}

const files = readdirSync(paths.records, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.jsonl.gz'),
);

test('there are records of every kind that a study rests on', () => {
  const kinds = new Set(files.map((file) => headerOf(join(paths.records, file)).kind));
  for (const kind of ['facts', 'baseline', 'transfer', 'audit', 'repair', 'run', 'epochs'])
    assert.ok(kinds.has(kind as RecordHeader['kind']), kind);
});

for (const file of files) {
  test(`${file} is what the code asks for`, async () => {
    const kept = headerOf(join(paths.records, file));
    const { header, name } = await askAgain(kept, file);
    assert.deepEqual(header, kept);
    assert.equal(`${recordName(header, name)}.jsonl.gz`, file);
  });
}
