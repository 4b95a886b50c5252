import { z } from 'zod';

/** What the worker says, a line of JSON each (lib/python/transformers_worker). */
export const line = z.union([
  /** That it is there, every few seconds. */
  z.strictObject({ alive: z.number() }),
  /** What it has found out about an example. */
  z.strictObject({ row: z.unknown() }),
  /** A request has come to its end. */
  z.strictObject({ done: z.unknown() }),
  /** A request has failed; the worker is there for the next. */
  z.strictObject({ error: z.strictObject({ message: z.string(), hint: z.string().nullable() }) }),
]);

/** A model that has been loaded. */
export const loaded = z.strictObject({
  device: z.enum(['cpu', 'cuda']),
  /** What it computes in. */
  dtype: z.enum(['float32', 'bfloat16', 'nf4']),
  versions: z.record(z.string(), z.string()),
  /** As its tokeniser has it; without a template prompts are plain. */
  chat: z.strictObject({ template: z.string().nullable(), bos: z.string(), eos: z.string() }),
  /** Of a classifier: the labels of its head, in the order of its logits. */
  labels: z.array(z.string()),
});

/** A model that has been loaded. */
export type Loaded = z.output<typeof loaded>;

const computed = {
  id: z.string(),
  /** Of the prompt, or of the texts that a head reads. */
  tokens: z.int().nonnegative(),
  /** Its share of the time that its batch took. */
  milliseconds: z.number().nonnegative(),
};

/** `score`: the logits of the answers, the largest of the vocabulary, and the sum of exp(logit - largest) over it. */
export const scored = z.strictObject({
  ...computed,
  logits: z.array(z.number()),
  largest: z.number(),
  weight: z.number().positive(),
});

/** `write`: a text, why it ended, and its tokens. */
export const written = z.strictObject({
  ...computed,
  text: z.string(),
  finish: z.enum(['stop', 'length']),
  written: z.int().nonnegative(),
});

/** `label`: the logits of a trained head. */
export const labelled = z.strictObject({ ...computed, logits: z.array(z.number()).min(1) });

/** `tag`: stretches of the first text, in UTF-16 units. */
export const tagged = z.strictObject({
  ...computed,
  spans: z.array(z.strictObject({ type: z.string(), start: z.int().nonnegative(), end: z.int().positive() })),
});

/** What the worker is asked; `do` names a method of its models. */
export type Request = Readonly<Record<string, unknown>> & {
  readonly do: 'load' | 'score' | 'write' | 'label' | 'tag';
};

/** Of a request that has no rows. */
export const nothing = z.never();
