import { Template } from '@huggingface/jinja';
import { UserError } from '../project/error.js';

/** The day on which every prompt is asked, whenever that is: the one that Llama 3 falls back on where none is told. */
const DAY = new Date(Date.UTC(2024, 6, 26));
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const MOST_ITEMS = 10_000;

/**
 * Renders a chat template, the same at any time and place: its clock stands still, in English and UTC, and it is told to
 * leave thoughts out where it can.
 *
 * @throws UserError if it cannot be rendered.
 */
export function renderTemplate(source: string, values: Readonly<Record<string, unknown>>): string {
  // The library has both of its own, and lets no value take their names.
  const own = source
    .replace(/\bstrftime_now\b/g, 'clock_at_rest')
    .replace(/\brange(?=\s*\()/g, 'bounded_range');
  try {
    return new Template(own).render({
      ...values,
      clock_at_rest: timeText,
      bounded_range: boundedRange,
      enable_thinking: false,
      thinking: false,
    });
  } catch (cause) {
    throw new UserError(
      `the model’s chat template cannot be rendered: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}

/** The day as `strftime` writes it. */
function timeText(format: string): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const month = MONTHS[DAY.getUTCMonth()] ?? '';
  const parts: Readonly<Record<string, string>> = {
    ...{
      Y: String(DAY.getUTCFullYear()),
      y: String(DAY.getUTCFullYear()).slice(2),
      m: two(DAY.getUTCMonth() + 1),
    },
    ...{
      d: two(DAY.getUTCDate()),
      e: String(DAY.getUTCDate()),
      B: month,
      b: month.slice(0, 3),
      A: 'Friday',
      a: 'Fri',
    },
    ...{ H: '00', I: '12', M: '00', S: '00', p: 'AM', Z: 'UTC', z: '+0000', '%': '%' },
  };
  return format.replace(/%-?([A-Za-z%])/g, (token, part: string) => {
    if (!Object.hasOwn(parts, part)) throw new Error(`strftime_now is asked for ${token}`);
    return parts[part] ?? '';
  });
}

function boundedRange(start: number, stop?: number, step = 1): readonly number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!(count <= MOST_ITEMS)) throw new Error(`range of ${count} items`);
  return Array.from({ length: count }, (_, index) => from + index * step);
}
