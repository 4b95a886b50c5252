import type { ApiModel } from '../../models/catalogue.js';
import type { GeneratedText, Writer } from '../writer.js';
import { type ApiMeans, askExamples, placeOf } from './asking.js';
import type { Completion } from './completion.js';

/** A model behind an endpoint as a writer. */
export function openApiWriter(model: ApiModel, means: ApiMeans): Writer {
  return {
    device: model.server,
    write(question, examples, limits, onText, place = placeOf(model, means.paths)) {
      return askExamples(
        {
          model,
          wanted: { kind: 'answers', ...limits },
          question,
          examples,
          place,
          read: (id, completion) => ({ id, text: generatedText(completion) }),
          keep: ({ id, text }, milliseconds) => onText(id, text, milliseconds),
        },
        means,
      );
    },
    async dispose() {},
  };
}

function generatedText({ text, finish, refused, usage }: Completion): GeneratedText {
  return {
    text,
    finish,
    refused,
    promptTokens: usage.prompt,
    completionTokens: usage.completion,
    ...(usage.cached > 0 && { cachedTokens: usage.cached }),
  };
}
