import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ChatFormat, promptFrame } from 'small-claims/scoring/chat';
import { renderTemplate } from 'small-claims/scoring/chat-template';
import { findPrompt } from 'small-claims/tasks/prompt';
import { mayThink } from 'small-claims/tasks/thoughts';

const prompt = findPrompt('true-false-unknown');
const TURNS =
  '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>';
const format = (template: string): ChatFormat => ({ template, bos: '<s>', eos: '</s>' });
const frame = (template: string) => promptFrame(prompt, [], format(template));
const ending = (template: string) => frame(template).after.at(-1)?.text ?? '';

describe('a prompt is the same at any time and place', () => {
  const clock = "{{ strftime_now('%d %b %Y') }} {{ strftime_now('%B %e, %H:%M %Z') }}";

  test('the clock of a template stands still, on the day that Llama 3 falls back on', () => {
    assert.equal(renderTemplate(clock, {}), '26 Jul 2024 July 26, 00:00 UTC');
    const asked =
      "{% if strftime_now is defined %}{{ strftime_now('%Y-%m-%d') }}{% else %}no clock{% endif %}";
    assert.equal(renderTemplate(asked, {}), '2024-07-26');
  });

  for (const env of [
    { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
    { TZ: 'America/Los_Angeles', LANG: 'C', LC_ALL: 'C' },
    { TZ: 'UTC', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  ]) {
    test(`also in ${env.TZ} and ${env.LANG}`, () => {
      const module = fileURLToPath(import.meta.resolve('small-claims/scoring/chat-template'));
      const code = `import(${JSON.stringify(module)}).then(({ renderTemplate }) => console.log(renderTemplate(${JSON.stringify(`${clock} {{ 'TITLE I' | lower }}`)}, {})))`;
      const { stdout } = spawnSync(process.execPath, ['-e', code], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      assert.equal(stdout, '26 Jul 2024 July 26, 00:00 UTC title i\n');
    });
  }

  test('what a template asks the clock for and cannot have is told', () => {
    assert.throws(() => renderTemplate("{{ strftime_now('%j') }}", {}), /cannot be rendered: .*%j/);
  });

  test('a loop without end is refused', () => {
    assert.equal(renderTemplate('{% for i in range(2, 8, 3) %}{{ i }}{% endfor %}', {}), '25');
    assert.throws(
      () => renderTemplate('{% for i in range(1000000000000) %}x{% endfor %}', {}),
      /range of 1000000000000 items/,
    );
  });
});

describe('a model that thinks before it answers', () => {
  for (const [what, opened] of [
    ['as DeepSeek-R1 begins', '<think>\\n'],
    ['as Magistral begins', '[THINK]'],
    ['as Command A begins', '<|START_THINKING|>'],
    ['as gpt-oss begins', '<|channel|>analysis<|message|>'],
    ['after a thought that is closed', '<think></think><think>'],
    ['under another name', '<reasoning>'],
  ] as const) {
    test(`is refused, ${what}`, () => {
      assert.throws(
        () => frame(`${TURNS}{{ '${opened}' }}{% endif %}`),
        /begins an answer with a thought\n.*would come later/,
      );
    });
  }

  test('answers at once where its template can leave thoughts out', () => {
    const qwen = `${TURNS}{% if enable_thinking is defined and enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}`;
    assert.equal(ending(qwen).endsWith('<|assistant|><think>\n\n</think>\n\n'), true);
    assert.equal(mayThink(qwen, ending(qwen)), false);
  });

  test('is told where its template speaks of thoughts and leaves the answer to it', () => {
    const thinker = `{% set said = messages[0].content.split('</think>') %}${TURNS}{% endif %}{# it writes <think> itself #}`;
    assert.equal(mayThink(thinker, ending(thinker)), true);
    const plain = `${TURNS}{% endif %}`;
    assert.equal(mayThink(plain, ending(plain)), false);
    assert.equal(mayThink(undefined, ''), false);
  });

  test('and a claim about <think> in a data set is only a claim', () => {
    const row = { id: '1', gold: 'NEI', keys: {}, texts: { claim: 'It says <think>.', evidence: '' } };
    assert.ok(promptFrame(prompt, [row], format(`${TURNS}{% endif %}`)).after.length > 0);
  });
});
