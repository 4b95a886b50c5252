import { plainText, text } from '../../paper/document.js';
import { type Fact, originFacts, valueFacts } from '../../paper/origin.js';
import { type Published, readPublished } from '../../paper/published.js';
import { UserError } from '../../project/error.js';
import { didYouMean } from '../../project/nearest.js';
import { projectPaths } from '../../project/paths.js';
import type { Command } from '../command.js';

const why: Command = {
  usage: 'why [NAME...]',
  summary: 'tell where a published value, table or figure comes from',
  options: {},
  async run({ names }) {
    if (names.length === 0) {
      throw new UserError('why needs the name of a value, table or figure', {
        hint: 'Names stand between braces in paper/paper.md: {{rule-accuracy}} is rule-accuracy.',
      });
    }
    const published = readPublished(projectPaths());
    console.log(names.map((name) => explanation(name, published)).join('\n\n'));
  },
};
export default why;

/**
 * All that is known of what is published under a name, a line a fact.
 *
 * @throws UserError with the nearest known name if nothing is.
 */
export function explanation(name: string, { values, tables, figures }: Published): string {
  const value = values.get(name);
  if (value)
    return lines(`${name}: ${value.content.display}`, [
      ...valueFacts(value, Number.POSITIVE_INFINITY),
      again(value),
    ]);
  for (const [kind, all] of Object.entries({ table: tables, figure: figures })) {
    const found = all.get(name);
    if (found)
      return lines(`${kind} ${name}: ${found.content.caption}`, [
        ...originFacts(found, Number.POSITIVE_INFINITY),
        again(found),
      ]);
  }
  const known = [...values.keys(), ...tables.keys(), ...figures.keys()];
  throw new UserError(`no notebook publishes "${name}"`, {
    hint: known.length > 0 ? didYouMean(name, known) : 'make paper runs the notebooks first.',
  });
}

/** The command that makes it anew. */
const again = ({ notebook }: { readonly notebook: string }): Fact => ({
  label: 'Again',
  content: [text(`npx small-claims run ${notebook} --force`)],
});

function lines(title: string, facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(({ label }) => label.length));
  return [
    title,
    ...facts.map(({ label, content }) => `  ${label.padEnd(width)}  ${plainText(content)}`),
  ].join('\n');
}
