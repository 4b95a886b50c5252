import type { Command } from '../command.js';

const models: Command = {
  usage: 'models [ID...]',
  summary:
    'fetch and verify the GGUF models of the study (STUDY), or those named; MODELS_DIR is looked at first',
  options: {},
  async run({ names }) {
    const [{ openStudy }, { findGguf }, { pinModel }, { locateModel }] = await Promise.all([
      import('../../scoring/study.js'),
      import('../../models/catalogue.js'),
      import('../../models/pin.js'),
      import('../../models/locate.js'),
    ]);
    const wanted =
      names.length > 0
        ? names
        : openStudy().models.flatMap(({ id, provider }) => (provider === 'gguf' ? [id] : []));
    for (const id of wanted) {
      const { path, sha256 } = await locateModel(await pinModel(findGguf(id)));
      console.log(`${id}  ${sha256}  ${path}`);
    }
  },
};
export default models;
