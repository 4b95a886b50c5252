import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** What the script lib/test/reference/NAME.py wrote, checked against `schema`. */
export function expected<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  const file = new URL(`../../../lib/test/reference/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
