import type { Finding, Skipped } from './benchmark.js';
import { type ComparisonResult, rateText } from './measuring.js';

export type StepResult = ComparisonResult | Finding | Skipped;

/** What was measured, for people: a block of lines a step. */
export function summary(step: StepResult): string {
  switch (step.kind) {
    case 'skipped':
      return `${step.what}: not measured, ${step.why}`;
    case 'finding':
      return `${step.what}: ${Number(step.value.toPrecision(4))}${findingVerdict(step)}`;
    case 'comparison':
      return comparisonSummary(step);
  }
}

function comparisonSummary({ title, unit, note, ours, peers }: ComparisonResult): string {
  const width = Math.max(...[ours, ...peers].map(({ name }) => name.length));
  const rows = peers.map(({ name, rate, ratio, ratios, target }) => {
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    return (
      `  ${name.padEnd(width)}  ${rateText(rate).padStart(7)}   ours is ${ratio.toFixed(2)} times that (${spread})` +
      (target === undefined ? '' : verdict(ratio >= target, `at least ${target}`))
    );
  });
  return [
    `${title} (${unit} a second, median of ${ours.measures.length})`,
    `  ${ours.name.padEnd(width)}  ${rateText(ours.rate).padStart(7)}`,
    ...rows,
    ...(note === undefined ? [] : [`  ${note}`]),
  ].join('\n');
}

function findingVerdict({ value, target }: Finding): string {
  if (!target) return '';
  return 'atMost' in target
    ? verdict(value <= target.atMost, `at most ${target.atMost}`)
    : verdict(value >= target.atLeast, `at least ${target.atLeast}`);
}

const verdict = (met: boolean, aim: string) => `, aim ${aim}: ${met ? 'met' : 'NOT met'}`;
