import { stringify } from 'yaml';
import type { BuildName } from '../datasets/build-name.js';
import { readCatalogue } from '../datasets/catalogue.js';
import type { AdapterTraining } from '../models/adapter-training.js';
import type { Adapter } from '../models/adapters.js';
import type { GgufModel } from '../models/catalogue.js';
import { isSoft } from '../models/training-entry.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { fieldPart, findPrompt, type Prompt, promptFields } from '../tasks/prompt.js';
import { CURVE } from './curve-chart.js';
import { fitText } from './fit.js';
import { parityText } from './parity.js';

/** What an adapter scores on a test set. */
export interface CardScore {
  readonly test: BuildName;
  readonly rows: number;
  /** By the title of a column, as they are to be read. */
  readonly scores: Readonly<Record<string, string>>;
}

/** The card of an adapter that was trained here, as Markdown with the hub's front matter. */
export function modelCard(
  adapter: Adapter,
  model: GgufModel,
  scores: readonly CardScore[] = [],
  paths: Paths = projectPaths(),
): string {
  const { training } = adapter;
  if (!training) throw new Error(`${adapter.id} was not trained here`);
  const { hyper, parity } = training;
  const among = training.options?.loss === 'labels';
  const prompt = findPrompt(training.prompt.template, paths);
  const { task } = prompt;
  const front = {
    base_model: model.base?.hub ?? model.title,
    library_name: training.method === 'full' ? 'transformers' : 'peft',
    pipeline_tag: 'text-generation',
    language: 'en',
    license: model.licence.toLowerCase(),
    tags: [training.method, task.name, 'biomedical'],
  };
  const soft = isSoft(training.method);
  const { [training.method]: kind } = KINDS;
  const sizes = soft
    ? `${training.options?.virtualTokens ?? 0} virtual tokens`
    : `rank ${hyper.rank}, alpha ${hyper.alpha}, dropout ${hyper.dropout}, on ${[training.targets].flat().join(', ')}`;
  const rows = training.rows.map(
    ({ build, rows, idsSha256 }) =>
      `- \`${build}\`: ${rows} rows; SHA-256 of their ids, sorted: \`${idsSha256}\``,
  );
  const files = Object.entries({ ...training.files, [adapter.file]: adapter.sha256 }).map(
    ([file, sha256]) => `| \`${file}\` | \`${sha256}\` |`,
  );
  const begin =
    training.base.from === 'hub'
      ? `the published weights, ${training.base.name}`
      : `the weights of ${training.base.name}, dequantised`;
  return `---
${stringify(front)}---

# ${adapter.title}

${soft ? 'A soft prompt' : training.method === 'full' ? 'Weights' : 'A LoRA adapter'} for ${model.title} that answers ${task.question}${wordsText(prompt)}.
It was trained and compared by Small Claims, entry
\`${training.entry}\` of the study \`${training.study}\`; its scores, with intervals, are in the study's paper and records.

## Use

${useText(adapter, model, training)} It expects the
prompt \`${training.prompt.template}\`, word for word, in the model's own chat format:

\`\`\`
${promptLines(prompt)}
\`\`\`

## Training

- ${kind}; recipe ${training.recipe}; ${training.method === 'full' ? 'every weight' : sizes}
- ${hyper.epochs} ${hyper.epochs === 1 ? 'epoch' : 'epochs'}, ${hyper.batch} rows an update, learning rate ${hyper.learningRate} along a cosine, rising over the first ${training.warmup * 100} % of the updates; AdamW; loss ${among ? 'among the words of the labels' : 'on the answer alone'}; seed ${training.seed}
- begun from ${begin}
- mean loss in each epoch: ${training.losses.join(', ')} nats ${among ? 'a row, among the words of the labels' : 'a token of the answer'}
${fitLine(training)}- ${training.tokens} tokens an epoch; ${Math.round(training.seconds / 60)} minutes in all on: ${training.device}
- ${Object.entries(training.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}
${curveLine(adapter)}
Data, drawn by label at random from the training parts:

${rows.join('\n')}

No text of them is in this folder. Their licences: ${[
    ...new Set(training.rows.map(({ build }) => licence(build.split('/')[0] ?? '', paths))),
  ].join('; ')}.

## Scores

${scoreLines(scores)}

## Parity

${parityText(parity)}.

## Limits

It answers for texts such as it was trained on and knows nothing else of them; it is no medical advice. The best floor is
the best of rules and word classifiers that cannot do the task: a score no higher shows no reading. On other data, longer
texts or another prompt the adapter may be worse than the model without it.

## Files

| file | SHA-256 |
|---|---|
${files.join('\n')}
`;
}

const KINDS = {
  qlora: 'QLoRA: LoRA on 4-bit NormalFloat weights, quantised twice',
  lora: 'LoRA on weights that are not quantised',
  full: 'full fine-tuning',
  'p-tuning': 'P-tuning: virtual tokens before the prompt, given by a small network',
  'prompt-tuning': 'prompt tuning: virtual tokens before the prompt',
  'prefix-tuning': 'prefix tuning: keys and values of every layer before the prompt',
} as const;

/** What the files are for. */
function useText(adapter: Adapter, model: GgufModel, { method, modelSha256 }: AdapterTraining): string {
  if (adapter.provider === 'gguf')
    return `\`${adapter.file}\` is for llama.cpp, on ${model.file} (SHA-256 \`${modelSha256}\`);
\`adapter_model.safetensors\` and \`adapter_config.json\` are for PEFT. Both hold the same 16-bit weights. In PEFT it was
compared on the weights of ${model.file}, dequantised, and on no others.`;
  if (method === 'full') return `\`${adapter.file}\`, with the files beside it, is a model for transformers.`;
  const four = method === 'qlora' ? ', and quantised to four bits as it was trained' : '';
  return `\`${adapter.file}\` and \`adapter_config.json\` are for PEFT, on the weights of ${model.file} (SHA-256
\`${modelSha256}\`), dequantised${four}: it is scored by transformers, as it was trained.`;
}

/** Adapters of the first recipe have none. */
function curveLine({ training }: Adapter): string {
  return training?.fit === undefined
    ? ''
    : `\n![Loss of the updates and their mean in each epoch](${CURVE})\n`;
}

function fitLine({ fit, options, precision }: AdapterTraining): string {
  if (!fit) return '';
  const floats = precision === 'bfloat16' ? 'matrices multiplied in bfloat16; ' : '';
  const rows = options?.balanced ? 'as many rows of each label an update; ' : '';
  const start = options?.corrected ? 'begun as if it foresaw each label as often as it comes; ' : '';
  const end = options?.patience ? `ended by the loss of a share of ${options.heldOut} held out; ` : '';
  return `- ${floats}${rows}${start}${end}it ${fitText(fit)}\n`;
}

function scoreLines(scores: readonly CardScore[]): string {
  const [first] = scores;
  if (!first) return 'Not scored yet.';
  const columns = Object.keys(first.scores);
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['test set', 'rows', ...columns]),
    line(['test set', 'rows', ...columns].map(() => '---')),
    ...scores.map(({ test, rows, scores }) =>
      line([`\`${test}\``, rows, ...columns.map((column) => scores[column] ?? '')]),
    ),
  ].join('\n');
}

/** ` (True: LABEL, ...)`: the words of a prompt's answers, where it has such. */
function wordsText({ answers }: Prompt): string {
  const words = Object.entries(answers).map(([label, word]) => `${word}: ${label}`);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function promptLines(prompt: Prompt): string {
  return `${prompt.instruction}${promptFields(prompt)
    .map((field) => fieldPart(prompt, field, '...'))
    .join('')}${prompt.question}`;
}

function licence(dataset: string, paths: Paths): string {
  const { title, licence } = readCatalogue(paths)[dataset] ?? {};
  return `${title ?? dataset}: ${licence ?? 'see data/README.md'}`;
}
