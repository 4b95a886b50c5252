import { boundsOf } from '../result.js';
import { kebab, percent, pointsFrom, rowsText } from '../wording.js';
import { type Concerned, type Measured, type Suspicion, THRESHOLDS } from './suspicion.js';
import { unseenAmong, unseenBeyond, unseenWord } from './unseen.js';

/** What part of a row, its form, or a word in it tells of its label. */
export function shortcutChecks(measured: Measured, concerned: Concerned): readonly Suspicion[] {
  return [
    ...partialInputChecks(measured),
    ...structureChecks(measured, concerned),
    ...wordChecks(measured, concerned),
  ];
}

function partialInputChecks({ data, partialInputs, options }: Measured): readonly Suspicion[] {
  // Where rows have one text, reading it is the task.
  if (data.fields.length < 2) return [];
  return partialInputs
    .filter(({ id }) => data.fields.includes(id))
    .flatMap(({ id, macroF1, chance }): readonly Suspicion[] => {
      if (!macroF1 || !chance) return [];
      const gain = macroF1.value - chance.mean;
      // Where the same in every draw it has none, and is what it is; of too few groups nothing is tested.
      const { low, high } = boundsOf(macroF1) ?? { low: macroF1.value, high: macroF1.value };
      return [
        {
          id: kebab(`${id}-alone`),
          area: 'partial inputs',
          title: `What the ${id} alone tells`,
          // Rows of one text are alike, which the interval knows of and the permutations do not.
          verdict:
            low <= chance.mean && high >= chance.mean
              ? 'fine'
              : Math.abs(gain) >= THRESHOLDS.gain
                ? 'leaks'
                : 'look',
          unseen: (level) =>
            unseenAmong(options.permutations)(level) ??
            unseenBeyond(macroF1, THRESHOLDS.gain, { data, options })(level),
          finding: `A classifier that reads the ${id} alone has a macro-F1 of ${percent(macroF1.value)}${low < high ? ` (${percent(low)} to ${percent(high)})` : ''}, ${pointsFrom(gain, 'chance')}${gain <= -THRESHOLDS.gain ? ': inverted, it gives labels away' : ''}.`,
          criterion: `Look where that is beyond chance on either side, by permutation and by the interval; leaks from ${100 * THRESHOLDS.gain} points on, above or below.`,
          p: chance.p,
        },
      ];
    });
}

function structureChecks(
  { data, features, rules, options }: Measured,
  { empty }: Concerned,
): readonly Suspicion[] {
  const emptiness = features.filter(({ feature }) => isEmptiness(feature));
  const form = features.filter(({ feature }) => !isEmptiness(feature));
  const checks: Suspicion[] = [];
  for (const [id, title, some, concerned] of [
    ['empty-fields', 'Emptiness of fields', emptiness, empty],
    ['form', 'Length and other counts', form, []],
  ] as const) {
    const best = some.toSorted((a, b) => a.p - b.p || distance(b) - distance(a))[0];
    if (!best) continue;
    checks.push({
      id,
      area: 'structure',
      title,
      verdict: distance(best) >= THRESHOLDS.auc ? 'leaks' : 'look',
      finding:
        id === 'empty-fields' && concerned.length === 0
          ? 'No field is empty.'
          : `What tells most: ${leadOf(best, data.labels)}.`,
      criterion: `Look where that is beyond chance (Bonferroni over ${some.length} tried), leaks from ${percent(0.5 + THRESHOLDS.auc, 0)} on, or ${percent(0.5 - THRESHOLDS.auc, 0)} down.`,
      p: Math.min(1, best.p * some.length),
      concerned,
      // Where the sides do not overlap the interval has no width, and says nothing of what could be seen.
      ...(best.auc.high !== best.auc.low && {
        unseen: unseenBeyond(best.auc, THRESHOLDS.auc, { data, options }),
      }),
    });
  }
  const best = rules.toSorted((a, b) => b.gain.value - a.gain.value)[0];
  if (best) {
    checks.push({
      id: 'rules',
      area: 'structure',
      title: 'Rules that count',
      verdict: best.gain.value >= THRESHOLDS.gain ? 'leaks' : 'look',
      finding: `The best of ${rules.length} rules, a tree on ${best.reads === 'one feature' ? 'a single count' : `counts of ${best.reads}`}, has an accuracy of ${percent(best.accuracy.value)}, ${pointsFrom(best.gain.value, 'the commonest label')}.`,
      criterion: `Look where that is beyond chance (Bonferroni over ${rules.length} tried), leaks from ${100 * THRESHOLDS.gain} points on.`,
      p: Math.min(1, best.p * rules.length),
      unseen: unseenBeyond(best.gain, THRESHOLDS.gain, { data, options }),
    });
  }
  return checks;
}

/** `the word count, more for the label yes (AUC 83.4 %)`: of two labels the one for which it is more, or the one that was asked for. */
function leadOf({ feature, label, auc }: Measured['features'][number], labels: readonly string[]): string {
  const [first, second] = labels;
  const other = labels.length === 2 ? labels.find((each) => each !== label) : undefined;
  const asked = second === `not ${first}` ? first : undefined;
  const turned = other !== undefined && (asked === undefined ? auc.value < 0.5 : label !== asked);
  const [named, value] = turned ? [other, 1 - auc.value] : [label, auc.value];
  return `${feature}, ${value >= 0.5 ? 'more' : 'less'} for the label ${named} (AUC ${percent(value)})`;
}

const isEmptiness = (feature: string) => feature.startsWith('the emptiness');
const distance = ({ auc }: Measured['features'][number]) => Math.abs(auc.value - 0.5);

function wordChecks({ data, words, options }: Measured, { holding }: Concerned): readonly Suspicion[] {
  const oneText = data.fields.length < 2;
  return data.fields.flatMap((field): readonly Suspicion[] => {
    const tried = words.filter((each) => each.field === field);
    const least = tried.reduce((lowest, { p }) => Math.min(lowest, p), 1);
    const flagged = tried
      .filter(({ p }) => p < options.alpha)
      .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z));
    const leaking = flagged.filter(
      ({ z, rows, withLabel }) =>
        z > 0 && rows >= THRESHOLDS.wordRows * data.train.rows && withLabel >= THRESHOLDS.wordShare * rows,
    );
    const shown = [...new Set([...leaking, ...flagged])].slice(0, 3);
    const [first] = shown;
    const named = shown.map(
      ({ word, label, rows, withLabel }) =>
        `"${word}" (${label}, ${percent(withLabel / rows, 0)} of ${rowsText(rows)})`,
    );
    return [
      {
        id: kebab(`words-${field}`),
        area: 'words',
        title: `Words of the ${field}`,
        verdict: leaking.length > 0 && !oneText ? 'leaks' : 'look',
        finding:
          flagged.length === 0
            ? 'No word goes with a label beyond chance.'
            : `${flagged.length.toLocaleString('en')} ${flagged.length === 1 ? 'word goes' : 'words go'} with a label, corrected for all words of the ${field}: ${named.join(', ')}${flagged.length > shown.length ? ' and others' : ''}.`,
        criterion: oneText
          ? 'Look where a word stands out beyond chance; never leaks, since in rows of one text words may be the task.'
          : `Look where a word stands out beyond chance; leaks where one in ${percent(THRESHOLDS.wordRows, 0)} of the rows or more has one label in ${percent(THRESHOLDS.wordShare, 0)} of them or more.`,
        p: least,
        unseen: unseenWord({ data, words }, field),
        concerned: first ? holding(field, first.word) : [],
      },
    ];
  });
}
