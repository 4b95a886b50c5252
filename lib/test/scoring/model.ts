import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { projectPaths } from 'small-claims/project/paths';

/** The model that tests score with, small enough for any machine. */
export const MODEL = 'smollm2-135m-instruct';

/** Its file where it is at hand; tests never download it, and say that they are skipped. */
export async function modelFile(t: TestContext): Promise<string | undefined> {
  const model = findGguf(MODEL);
  const folders = [process.env['MODELS_DIR'], projectPaths().modelCache];
  const there = folders.some((folder) => folder !== undefined && existsSync(join(folder, model.file)));
  if (there) return (await locateModel(model)).path;
  t.skip(`needs the model ${MODEL} (make models, or MODELS_DIR)`);
  return undefined;
}
