import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { projectPaths } from 'small-claims/project/paths';
import { promptHash } from 'small-claims/scoring/chat';
import { fieldParts, findPrompt, promptNames } from 'small-claims/tasks/prompt';
import { z } from 'zod';
import { changed, entries, mistake, PROMPTS, TASKS } from './entries.js';

test('a prompt lays out the fields in its own order, and a field alone where nothing leads to it', () => {
  const paths = entries(
    TASKS,
    changed(PROMPTS, "note: 'Note:', history: 'Before:'", "history: '', note: 'Note:'"),
  );
  const row = { texts: { note: 'A cough.', history: 'Asthma.' } };
  assert.deepEqual(fieldParts(findPrompt('plain', paths), row), ['Asthma.\n', 'Note: A cough.\n']);
  assert.deepEqual(promptNames(paths), ['plain', 'score']);
});

test('a mistake in prompts.yaml is named by file, line and field', () => {
  for (const [from, to, line, field, message] of [
    ['question: Is it', 'qestion: Is it', 5, 'plain.qestion', /unknown key "qestion"[\s\S]*"question"/],
    ['task: severity', 'task: severeness', 8, 'score.task', /no such task; the nearest is "severity"/],
    ['history: ', 'story: ', 4, 'plain.fields.story', /not of the task triage, which has note, history/],
    ['can wait: ', 'waits: ', 6, 'plain.answers.waits', /not of the task triage, which has urgent, can wait/],
    [
      "fields: { note: '' }",
      "answers: { low: '0' }\n  fields: { note: '' }",
      10,
      'score.answers.low',
      /not of the task severity, which has none/,
    ],
    ["fields: { note: '' }", 'fields: {}', 10, 'score.fields', /names no field/],
    ["note: 'Note:', ", '', 4, 'plain.fields', /"note" of the task triage is missing/],
    [", can wait: 'No'", '', 6, 'plain.answers', /no word for can wait/],
    ["can wait: 'No'", 'can wait: yes', 6, 'plain.answers.can wait', /"yes" would be read as "urgent"/],
  ] as const) {
    const paths = entries(TASKS, changed(PROMPTS, from, to));
    // Whichever prompt is asked for.
    for (const name of ['plain', 'score']) {
      const { at, message: text } = mistake(() => findPrompt(name, paths));
      assert.deepEqual(at, { file: paths.promptsFile, line, field }, text);
      assert.match(text, message);
    }
  }
});

test('a word that cannot be read back as what it was written for is named with its line', () => {
  const some = changed(TASKS, 'shape: one-of', 'shape: some-of');
  const spans = changed(TASKS, 'shape: one-of\n  labels:', 'shape: spans\n  types:');
  for (const [tasks, word, says] of [
    [some, 'Wait, please', /read as nothing: .*comma or semicolon/],
    [some, 'none', /read as \[\]/],
    [some, 'YES.', /read as \["urgent"\]/],
    [spans, 'Wait: long', /read as nothing: .*colon/],
    [spans, 'yes', /read as \[\{"type":"urgent"/],
  ] as const) {
    const paths = entries(tasks, changed(PROMPTS, "can wait: 'No'", `can wait: '${word}'`));
    const { at, message } = mistake(() => findPrompt('plain', paths));
    assert.deepEqual(at, { file: paths.promptsFile, line: 6, field: 'plain.answers.can wait' }, message);
    assert.match(message, says);
  }
  const paths = entries(
    some,
    changed(PROMPTS, '  answers: { urgent', '  none: "no\\nne"\n  answers: { urgent'),
  );
  assert.equal(mistake(() => findPrompt('plain', paths)).at.field, 'plain.none');
});

test('a prompt that there is not is refused with the nearest', () => {
  const paths = entries();
  const { at, hint } = mistake(() => findPrompt('plane', paths));
  assert.deepEqual(at, { file: paths.promptsFile });
  assert.match(hint ?? '', /nearest is "plain"; known: plain, score/);
  mistake(() => findPrompt('constructor', paths));
});

test('every prompt has the hash that the committed records were made under', () => {
  const { records } = projectPaths();
  const header = z.object({ prompt: z.object({ template: z.string(), sha256: z.string() }) });
  const hashes = readdirSync(join(records, 'runs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl.gz'))
    .flatMap((file) => {
      const [first = ''] = gunzipSync(readFileSync(join(records, 'runs', file)))
        .toString('utf8')
        .split('\n', 1);
      const { success, data } = header.safeParse(JSON.parse(first));
      return success ? [data.prompt] : [];
    });
  assert.ok(hashes.length > 20, `${hashes.length} records under a prompt`);
  for (const { template, sha256 } of hashes) assert.equal(promptHash(findPrompt(template)), sha256, template);
});
