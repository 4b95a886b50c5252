import { z } from 'zod';
import { UserError } from '../../project/error.js';
import { parseJson } from '../formats/json.js';
import type { Reader } from '../reader.js';
import { read as readTable } from './table.js';

/**
 * PubMedQA (Jin et al. 2019), the questions labelled by experts: a table of questions, and beside it the list of those
 * that are the test. Train is all others.
 */
export const read: Reader = async (request) => {
  const [questions, truth] = request.files;
  if (!questions || !truth)
    throw new UserError('PubMedQA is read from the questions and the list of those that are the test');
  const answers = new Map(
    Object.entries(parseJson(truth.bytes, truth.path, z.record(z.string(), z.string()))),
  );
  const rows = await readTable({ ...request, files: [questions] });
  const pmidOf = ({ id }: { readonly id: string }) => id.slice(id.lastIndexOf(':') + 1);
  const golds = new Map(rows.map((row) => [pmidOf(row), row.gold]));
  for (const [pmid, answer] of answers) {
    if (golds.get(pmid) !== answer)
      throw new UserError(
        `the answer is ${answer}, in ${questions.path} it is ${golds.get(pmid) ?? 'not there'}`,
        {
          at: { file: truth.path, field: pmid },
        },
      );
  }
  return rows.filter((row) => answers.has(pmidOf(row)) === (request.split === 'test'));
};
