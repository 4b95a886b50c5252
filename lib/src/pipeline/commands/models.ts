import type { Command } from '../command.js';

const models: Command = {
  usage: 'models [ID...]',
  summary: 'download models (those of the study that run here, if none is named), and check them',
  options: {},
  async run({ names }) {
    const [{ openStudy }, { findGguf }, { locateModel }, { pinModel }] = await Promise.all([
      import('../../scoring/study.js'),
      import('../../models/catalogue.js'),
      import('../../models/locate.js'),
      import('../../models/pin.js'),
    ]);
    const local = openStudy().models.filter(({ provider }) => provider === 'gguf');
    for (const id of names.length > 0 ? names : local.map((model) => model.id)) {
      const { path } = await locateModel(await pinModel(findGguf(id)));
      console.log(`${id}: verified, ${path}`);
    }
  },
};
export default models;
