import { fieldsOf } from '../../tasks/task.js';
import { parseIob } from '../formats/iob.js';
import { readGold } from '../gold.js';
import type { Reader } from '../reader.js';

/**
 * Sentences of tagged tokens (CoNLL), each a row: its tokens, one space between, which offsets count in. Rows are named
 * by their running number. The key `document`, of a task that has it, is told where the files mark documents.
 */
export const read: Reader = ({ dataset, split, files, task, entry }) => {
  const [field = ''] = fieldsOf(task);
  return files
    .flatMap(({ path, bytes }) => parseIob(bytes, path).map((sentence) => ({ file: path, ...sentence })))
    .map(({ file, line, text, spans, document }, index) => ({
      id: `${dataset}:${split}:${index + 1}`,
      gold: readGold(
        task,
        spans,
        { file, line, field: 'tag' },
        { words: entry.labels, text, offsets: 'utf-16' },
      ),
      keys: Object.fromEntries(
        Object.keys(task.keys).map((key) => [key, key === 'document' && document ? [document] : []]),
      ),
      texts: { [field]: text },
    }));
};
