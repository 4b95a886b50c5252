// Answers `make NAME` where NAME is neither a notebook nor a target: with the nearest there is. Runs before setup, so it
// makes do without packages.
// Usage: node lib/unknown-target.mjs NAME KNOWN...
import { existsSync } from 'node:fs';

const [name = '', ...known] = process.argv.slice(2);
if (!name.includes('/') && existsSync(`notebooks/${name}.ipynb`)) {
  console.error(
    `Make cannot carry the name of the notebook "${name}"\n  Run it by: npx small-claims run '${name.replaceAll("'", "'\\''")}'`,
  );
  process.exit(2);
}
const levenshtein = await import('fastest-levenshtein').catch(() => undefined);
const nearest =
  levenshtein && known.length > 0 ? `Did you mean "${levenshtein.default.closest(name, known)}"?\n  ` : '';
console.error(`there is no notebook and no target "${name}"\n  ${nearest}There are: ${known.join(', ')}.`);
process.exitCode = 2;
