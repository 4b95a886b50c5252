import { show } from './display.js';
import { escapeHtml } from './escape.js';
import { formatNumber, formatRange, type Range, type Style } from './format.js';
import { type Provenance, publish, publishedJson, type Source } from './publication.js';
import type { ComparisonTest } from './verdict.js';

/** An interval around a number, in the number's own unit, and how it was made. */
export interface ValueInterval extends Range {
  /** Coverage, such as 0.95. */
  readonly level: number;
  readonly method: string;
  readonly replicates?: number;
}

export interface Value extends Style {
  /** Kebab-case, unique across notebooks; the paper refers to it as `{{id}}`. */
  readonly id: string;
  readonly number: number;
  /** What the number is, in words: "accuracy of the emptiness rule, SciFact dev". */
  readonly description?: string;
  readonly unit?: string;
  readonly interval?: ValueInterval;
  /** Why there is no interval, or what else is to be said of the number, as a clause. */
  readonly note?: string;
  /** How many examples it rests on. */
  readonly n?: number;
  /** Of a difference between two systems: what was tested. */
  readonly test?: ComparisonTest;
  /** The records and files it was made from; none only if it was made from nothing. */
  readonly sources: readonly Source[];
}

/** A value as the paper finds it in `values/<id>.json`. */
export interface PublishedValue extends Omit<Value, 'sources'>, Provenance {
  /** The number as written: "72.9". */
  readonly display: string;
}

/**
 * Publishes one number for the paper, `{{id}}` there, and shows it under the cell.
 *
 * @throws UserError for a bad or repeated id and for a number its format cannot write.
 *
 * @example
 * publishValue({ id: 'dev-rows', number: 450, format: 'count', sources: [] }); // -> undefined
 * publishValue({ id: 'Dev rows', number: 450, format: 'count', sources: [] }); // throws Use lower-case words
 */
export function publishValue({ sources, ...value }: Value): void {
  const display = formatNumber(value.number, value);
  const published = { kind: 'value', id: value.id } as const;
  publish(published, sources, (provenance) => {
    const file: PublishedValue = { ...value, display, ...provenance };
    return { '.json': publishedJson(file) };
  });
  const detail = valueDetail(value);
  show({
    html: `<div><code>${escapeHtml(value.id)}</code> <strong>${escapeHtml(display)}</strong>${
      detail && ` <span>${escapeHtml(detail)}</span>`
    }</div>`,
    text: [value.id, display, detail].filter(Boolean).join('  '),
    published,
  });
}

/** "95% CI 68.7–76.9"; an interval of level 1 holds every case there was. */
export function intervalText(interval: ValueInterval, style: Style): string {
  if (interval.level === 1) return `range ${formatRange(interval, style)}`;
  return `${formatNumber(interval.level, { format: 'percent', digits: 0 })}% CI ${formatRange(interval, style)}`;
}

/** All that is known of a value besides the number: "accuracy …; 95% CI 68.7–76.9 (percentile bootstrap); n = 450". */
function valueDetail(
  value: Pick<Value, 'description' | 'unit' | 'interval' | 'note' | 'n' | 'format' | 'digits'>,
): string {
  const { description, unit, interval, note, n } = value;
  const how = interval && [
    interval.method,
    interval.replicates && `${count(interval.replicates)} replicates`,
  ];
  return [
    [unit, description].filter(Boolean).join(' '),
    interval && `${intervalText(interval, value)} (${how?.filter(Boolean).join(', ')})`,
    note,
    n !== undefined && `n = ${count(n)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

const count = (number: number) => formatNumber(number, { format: 'count' });
