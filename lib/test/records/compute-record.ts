import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectPaths } from 'small-claims/project/paths';
import { openRecords } from 'small-claims/records/store';
import { header } from './tiny.js';

// A process of its own: wants a record of twelve slow rows in the project given as argument, notes there each row
// that it computes itself, and says the record's hash.
const [, , root = ''] = process.argv;
const ids = Array.from({ length: 12 }, (_, i) => `row-${i}`);
const record = await openRecords(projectPaths(root)).ensure<{ readonly id: string }>({
  header,
  name: 'runs/tiny',
  async compute(partial) {
    for (const id of ids.filter((id) => !partial.rows.has(id))) {
      await pause(40);
      appendFileSync(join(root, 'computed.txt'), `${id}\n`);
      partial.append({ id }, 40);
    }
    return ids.map((id) => ({ id }));
  },
});
process.stdout.write(record.sha256);
