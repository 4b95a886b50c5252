import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptCompletions } from 'small-claims/finetuning/prompt-completion';
import { loadVocabulary } from 'small-claims/scoring/llama/loading';
import { tokenise } from 'small-claims/scoring/llama/tokens';
import { sleepClaims, studyPrompt } from '../scoring/examples.js';
import { modelFile } from '../scoring/model.js';

const rows = sleepClaims.map((row, index) => ({
  ...row,
  gold: index % 2 ? 'NEI' : 'SUPPORT',
}));

test('a row is trained on the very tokens that it is scored with, and answered as the chat format answers', async (t) => {
  const gguf = await modelFile(t);
  if (!gguf) return;
  const { rows: made, labels } = await promptCompletions(gguf, studyPrompt(), rows, 512);
  const { model, dispose } = await loadVocabulary(gguf);
  try {
    const scored = new Map(
      tokenise(model, { prompt: studyPrompt(), shots: [] }, rows).map(({ id, parts }) => [id, parts.flat()]),
    );
    for (const { id, input_ids, completion_mask } of made) {
      const prompt = input_ids.filter((_, index) => completion_mask[index] === 0);
      assert.deepEqual(prompt, scored.get(id)?.map(Number));
    }
  } finally {
    await dispose();
  }
  assert.deepEqual(
    made.map(({ id }) => id),
    rows.map(({ id }) => id),
  );
  assert.deepEqual(
    [...new Set(made.map(({ completion }) => completion))],
    ['True<|im_end|>', 'Unknown<|im_end|>'],
  );
  // The words that a loss among labels looks at are those that answers begin with.
  assert.equal(labels.length, 3);
  for (const { input_ids, completion_mask } of made)
    assert.ok(labels.includes(input_ids[completion_mask.indexOf(1)] ?? -1));
  assert.match(made[0]?.prompt ?? '', /^<\|im_start\|>[\s\S]*Evidence:[\s\S]*<\|im_start\|>assistant\n$/);
});

test('a row that is too long is refused by name, not cut', async (t) => {
  const gguf = await modelFile(t);
  if (!gguf) return;
  await assert.rejects(
    promptCompletions(gguf, studyPrompt(), rows, 40),
    /row \w+-.* tokens with its answer; maxLength is 40/,
  );
});
