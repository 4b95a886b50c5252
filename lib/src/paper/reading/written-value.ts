import { formatNumber, formatRange } from '../../reporting/format.js';
import { intervalText } from '../../reporting/value.js';
import { nearest } from '../problem.js';
import type { FoundValue } from '../published.js';
import type { Complain } from './scope.js';

const FORMS = ['ci', 'range', 'n', 'level', 'replicates'];
const PERCENT = { format: 'percent', digits: 0 } as const;

interface WrittenValue {
  readonly text: string;
  readonly number: number;
}

/** A published value in the form that the paper asks for; complains of one that it has not. */
export function writtenValue(
  { content }: FoundValue,
  form: string | undefined,
  complain: Complain,
): WrittenValue | undefined {
  const { number, display, interval, n } = content;
  const replicates = interval?.replicates;
  switch (form) {
    case undefined:
      return { text: display, number };
    case 'ci':
      if (interval) return { text: `${display} (${intervalText(interval, content)})`, number };
      break;
    case 'range':
      if (interval) return { text: formatRange(interval, content), number };
      break;
    case 'n':
      if (n !== undefined) return { text: formatNumber(n, { format: 'count' }), number: n };
      break;
    case 'level':
      if (interval) {
        return { text: `${formatNumber(interval.level, PERCENT)}%`, number: interval.level };
      }
      break;
    case 'replicates':
      if (replicates !== undefined) {
        return { text: formatNumber(replicates, { format: 'count' }), number: replicates };
      }
      break;
    default:
      complain(`unknown form "${form}" of a value`, nearest(form, FORMS, ''));
      return undefined;
  }
  complain(
    `"${content.id}" has no ${form === 'n' || (form === 'replicates' && interval) ? form : 'interval'}`,
    `Publish it with one in notebooks/${content.notebook}.ipynb.`,
  );
  return undefined;
}
