import { readFileSync } from 'node:fs';

/** The variable by which a reproduction has notebooks make records that they would else only replay: a file that lists them. */
export const MAKING_VARIABLE = 'SMALL_CLAIMS_MAKE';

/** Whether a reproduction wants a record, named as `recordName` names it, to be made by whoever looks for it. */
export function isToBeMade(record: string): boolean {
  const list = process.env[MAKING_VARIABLE];
  if (!list) return false;
  const records: unknown = JSON.parse(readFileSync(list, 'utf8'));
  return Array.isArray(records) && records.includes(record);
}
