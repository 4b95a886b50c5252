import { normalCdf, normalQuantile } from '../metrics/distributions.js';
import { estimateOf, rounded } from './measured-guesses.js';
import type { AuditResult } from './result.js';
import type { Structure, SurfaceRule } from './structure.js';

/** Each count's area under the ROC curve for each label, as a report has it. */
export function reportedFeatures({ separations }: Structure): AuditResult['features'] {
  return separations.flatMap(({ feature, label, separation }) =>
    separation
      ? [
          {
            feature: feature.name,
            label,
            auc: {
              value: rounded(separation.auc),
              low: rounded(separation.low),
              high: rounded(separation.high),
            },
            p: separation.p,
          },
        ]
      : [],
  );
}

/** The rules, as a report has them; those that look at nothing there is are left out. */
export function reportedRules({ oneFeature, trees }: Structure): AuditResult['rules'] {
  return [oneFeature, ...trees]
    .filter(({ features }) => features.length > 0)
    .map((rule) => ({
      id: rule.reads.replaceAll(' ', '-'),
      reads: rule.reads,
      saying: rule.saying,
      readsClaim: rule.blindTo !== 'claim',
      accuracy: estimateOf(rule.scores.accuracy),
      macroF1: estimateOf(rule.scores.macroF1),
      gain: estimateOf(rule.gain),
      p: gainP(rule),
    }));
}

/** Of no gain, one-sided: the bootstrap interval taken for that of a normal distribution. */
function gainP({ gain: { number, interval } }: SurfaceRule): number {
  const error = (interval.high - interval.low) / (2 * normalQuantile((1 + interval.level) / 2));
  if (error === 0) return number > 0 ? 0 : 1;
  return normalCdf(-number / error);
}
