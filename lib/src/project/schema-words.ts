import type { z } from 'zod';

/** What a value has to be, by zod's name for it. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'names with values',
  record: 'names with values',
  null: 'null',
};

/** What else is said of a text that has to have a form. */
const FORMS: Readonly<Record<string, string>> = {
  url: 'must be a web address, such as https://example.org',
  regex: 'has not the form that is wanted',
};

/**
 * What zod finds wrong, in plain words that go on after the name of the field: `is missing`, `must be 1 or more`. What a
 * schema says itself of a flaw goes before it.
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = TYPES[issue.expected] ?? issue.expected;
      if (issue.input === undefined)
        return `is missing: ${wanted} ${wanted.startsWith('names') ? 'are' : 'is'} needed`;
      const quotes = issue.expected === 'string' && /number|boolean|null/.test(kindOf(issue.input));
      return `must be ${wanted}, and is ${kindOf(issue.input)}${quotes ? ': quotes make it one' : ''}`;
    }
    case 'too_small':
      return boundText(issue.origin, issue.minimum, issue.inclusive, 'least');
    case 'too_big':
      return boundText(issue.origin, issue.maximum, issue.inclusive, 'most');
    case 'invalid_value':
      return issue.input === undefined
        ? `is missing: one of ${issue.values.join(', ')} is needed`
        : `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'invalid_format':
      return FORMS[issue.format] ?? `must be of the form ${issue.format}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_key':
      return 'has a key that cannot be one';
    case 'invalid_element':
      return 'holds something that cannot be in it';
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'is of none of the forms that it may have';
    case 'custom':
      return issue.input === undefined ? 'is missing' : 'cannot be this';
  }
};

/** `needs at least 2`, `must be 1 or more`, `is empty`. */
function boundText(origin: string, bound: number | bigint, inclusive = true, end: 'least' | 'most'): string {
  if (/^(?:number|int|bigint)$/.test(origin)) {
    const beyond = end === 'least' ? 'more' : 'less';
    return inclusive ? `must be ${bound} or ${beyond}` : `must be ${beyond} than ${bound}`;
  }
  if (end === 'least' && bound === 1) return 'is empty';
  const unit = origin === 'string' ? (bound === 1 ? ' character' : ' characters') : '';
  return `${end === 'least' ? 'needs at least' : 'may have at most'} ${bound}${unit}`;
}

/** What a value is, for people. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'names with values';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return (
    { string: 'a text', number: 'a number', boolean: 'true or false' }[String(typeof value)] ?? typeof value
  );
}
