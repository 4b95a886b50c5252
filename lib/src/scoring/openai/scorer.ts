import type { ApiModel } from '../../models/catalogue.js';
import type { Scorer } from '../scorer.js';
import { apiScore } from './api-score.js';
import { type ApiMeans, askExamples, placeOf } from './asking.js';

/** A model behind an endpoint as a scorer. Its rows are `ApiScore`s. */
export function openApiScorer(model: ApiModel, means: ApiMeans): Scorer {
  return {
    device: model.server,
    score(question, examples, onScore, place = placeOf(model, means.paths)) {
      return askExamples(
        {
          model,
          wanted: { kind: 'scores' },
          question,
          examples,
          place,
          read: (id, completion) => apiScore(id, completion, question.prompt),
          keep: onScore,
        },
        means,
      );
    },
    async dispose() {},
  };
}
