import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { labelLogprobs } from 'small-claims/scoring/label-score';
import { asked } from 'small-claims/scoring/transformers/asking';
import { transformersProvider } from 'small-claims/scoring/transformers/provider';
import type { GeneratedText } from 'small-claims/scoring/writer';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import { z } from 'zod';
import { sleepClaims, studyPrompt } from '../examples.js';
import { entries, found, python, TUNED, tinyProject } from './tiny-project.js';

const question = { prompt: studyPrompt(), shots: [] };
const limits = { maxTokens: 6, stop: [] };

const told = z.record(z.string(), z.object({ logprobs: z.array(z.number()), text: z.string() }));

test('plain, tuned and encoder-decoder models score and write as the libraries do, one whole prompt at a time', async (t) => {
  const project = tinyProject(t);
  if (!project) return;
  const { paths } = project;
  const seen = new Set<string>();
  for (const [id, { files }] of Object.entries(entries).slice(0, 6)) {
    const model = found(id, paths);
    const provider = transformersProvider(model, paths);
    await provider.prepare();
    const scorer = await provider.open();
    const scores = new Map<string, readonly number[]>();
    await scorer.score(question, sleepClaims, (score) => scores.set(score.id, score.logprobs));
    await scorer.dispose();
    const writer = await provider.openWriter();
    const texts = new Map<string, GeneratedText>();
    await writer.write(question, sleepClaims, limits, (row, text) => texts.set(row, text));
    await writer.dispose();

    const chat = { template: null, bos: '<s>', eos: '</s>' };
    const { frame, answerPrefix } = asked(question, sleepClaims, {
      told: { device: 'cpu', dtype: 'float32', versions: {}, labels: [], chat },
      batch: 16,
    });
    const prefix = model.kind === 'decoder' ? answerPrefix : '';
    const answers = Object.values(question.prompt.answers).map((word) => prefix + word);
    const folder = (name: string) => join(paths.root, 'models', name);
    const [weights, peft] = files === TUNED ? [folder('tiny-decoder'), folder(id)] : [folder(id), '-'];
    const plain = told.parse(
      JSON.parse(
        python(
          project.python,
          ['ask', join(paths.python, 'transformers_worker'), weights, peft, model.kind],
          JSON.stringify({ ...frame, answers, ...limits }),
        ),
      ),
    );
    assert.equal(scores.size, 18, id);
    for (const row of sleepClaims) {
      const theirs = plain[row.id];
      assert.ok(theirs, row.id);
      for (const [label, logprob] of theirs.logprobs.entries()) {
        const own = scores.get(row.id)?.[label] ?? Number.NaN;
        assert.ok(Math.abs(own - logprob) < 1e-4, `${id}, ${row.id}: ${own} instead of ${logprob}`);
      }
      assert.equal(texts.get(row.id)?.text, theirs.text, `${id}, ${row.id}`);
    }
    // No two are the same model, and none says the same of all rows.
    const all = JSON.stringify([...scores.entries()].sort());
    assert.ok(!seen.has(all), id);
    seen.add(all);
    const different = new Set([...scores.values()].map(String)).size;
    assert.ok(different > 12, `${id}: ${different} different scores`);
  }
});

test('answers that begin with the same token are refused by both kinds of model that write, before any row is scored', async (t) => {
  const project = tinyProject(t);
  if (!project) return;
  const alike = { ...question.prompt, answers: { SUPPORT: 'True', CONTRADICT: 'False', NEI: 'True?' } };
  for (const id of ['tiny-decoder', 'tiny-t5']) {
    const provider = transformersProvider(found(id, project.paths), project.paths);
    await provider.prepare();
    const scorer = await provider.open();
    await assert.rejects(
      scorer.score({ prompt: alike, shots: [] }, sleepClaims, () => assert.fail('nothing is scored')),
      /the words "True", "True\?" begin with the same token in this model’s vocabulary/,
      id,
    );
    await scorer.dispose();
  }
});

test('a head’s labels are scored by name, its tags are spans of the text, and what is too long or unknown is refused', async (t) => {
  const project = tinyProject(t);
  if (!project) return;
  const { paths } = project;
  const classifier = transformersProvider(found('tiny-classifier', paths), paths);
  await classifier.prepare();
  const scorer = await classifier.open();
  const row: Row = {
    id: '1',
    gold: 'NEI',
    keys: {},
    texts: { evidence: 'tea', claim: 'Eating tea improves sleep.' },
  };
  const scores: unknown[] = [];
  await scorer.score(question, [row], ({ logprobs, mass }) => scores.push(logprobs, mass));
  const long = { ...row, id: 'the-long-one', texts: { ...row.texts, evidence: 'tea '.repeat(70) } };
  await assert.rejects(
    scorer.score(question, [row, long], () => assert.fail('nothing is scored')),
    /the prompt of example the-long-one has \d+ tokens; the model’s context holds 64/,
  );
  const logits = z
    .array(z.number())
    .parse(
      JSON.parse(
        python(project.python, [
          'classify',
          join(paths.root, 'models', 'tiny-classifier'),
          'Eating tea improves sleep.',
          'tea',
        ]),
      ),
    );
  const [nei = 0, contradict = 0, support = 0] = logits;
  const sum = logits.reduce((total, each) => total + Math.exp(each), 0);
  const { logprobs } = labelLogprobs([support, contradict, nei], 0, sum);
  const [own, mass] = scores;
  // Alone and without padding, floats are added in another order.
  for (const [label, logprob] of z.array(z.number()).length(3).parse(own).entries())
    assert.ok(Math.abs(logprob - (logprobs[label] ?? Number.NaN)) < 1e-5, `${logprob} of label ${label}`);
  assert.equal(mass, 1);
  await scorer.dispose();

  const tagger = transformersProvider(found('tiny-tagger', paths), paths);
  await tagger.prepare();
  const writer = await tagger.openWriter();
  const text = 'Eating 🫚 ginger and tea improves sleep, headache and blood pressure.';
  const answers: unknown[] = [];
  const diseases = { prompt: findPrompt('diseases-by-line'), shots: [] };
  const tagged: Row = { id: '1', gold: [], keys: {}, texts: { text } };
  await writer.write(diseases, [tagged], limits, (_, { answer }) => answers.push(answer));
  await writer.dispose();
  const spans = z
    .array(z.object({ type: z.literal('Disease'), start: z.number(), end: z.number() }))
    .parse(answers[0]);
  assert.ok(spans.length > 0, 'the random tagger finds something');
  // Words are whole, also behind a character of two units.
  for (const { start, end } of spans)
    assert.match(
      `${text.slice(start - 1, start)}|${text.slice(start, end)}|${text.slice(end, end + 1)}`,
      /^[^\p{L}]?\|.+\|[^\p{L}]?$/u,
    );
});
