import { normalCdf, normalQuantile } from '../metrics/distributions.js';
import { estimateOf, rounded } from './measured-guesses.js';
import type { Part } from './pair.js';
import type { AuditResult } from './result.js';
import type { Structure, SurfaceRule } from './structure.js';
import type { SurfaceFeature } from './surface.js';

/** Each count's area under the ROC curve for each label, as a report has it. */
export function reportedFeatures(
  { separations }: Structure,
  fields: readonly Part[],
): AuditResult['features'] {
  return separations.flatMap(({ feature, label, separation }) =>
    separation && readsOnly(feature, fields)
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
export function reportedRules(
  { oneFeature, trees }: Structure,
  fields: readonly Part[],
): AuditResult['rules'] {
  return [oneFeature, ...trees]
    .filter(({ reads, features }) =>
      reads === 'both' ? fields.length > 1 : features.every((feature) => readsOnly(feature, fields)),
    )
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

/** Whether a feature looks at texts that the rows have. */
function readsOnly({ reads }: SurfaceFeature, fields: readonly Part[]): boolean {
  return reads === 'both' ? fields.length > 1 : fields.includes(reads);
}

/** Of no gain, one-sided: the bootstrap interval taken for that of a normal distribution. */
function gainP({ gain: { number, interval } }: SurfaceRule): number {
  const error = (interval.high - interval.low) / (2 * normalQuantile((1 + interval.level) / 2));
  if (error === 0) return number > 0 ? 0 : 1;
  return normalCdf(-number / error);
}
