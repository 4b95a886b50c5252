import type { TestContext } from 'node:test';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel, presentModel } from 'small-claims/models/locate';
import { projectPaths } from 'small-claims/project/paths';

/** The model that tests score with, small enough for any machine. */
export const MODEL = 'smollm2-135m-instruct';

/** Its file where it is at hand; tests never download it, and say that they are skipped. */
export async function modelFile(t: TestContext): Promise<string | undefined> {
  const model = findGguf(MODEL);
  if (presentModel(model, projectPaths()) !== undefined) return (await locateModel(model)).path;
  t.skip(`needs the model ${MODEL} (make models, or MODELS_DIR)`);
  return undefined;
}
