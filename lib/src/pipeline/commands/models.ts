import type { Command } from '../command.js';

const models: Command = {
  usage: 'models [ID...]',
  summary: 'download models (those of the study that run here, if none is named), and check them',
  options: {},
  async run({ names }) {
    const [
      { openStudy },
      { findModel, findGguf },
      { locateModel },
      { pinModel },
      { locateFolder },
      { fetchWeights },
    ] = await Promise.all([
      import('../../study/study.js'),
      import('../../models/catalogue.js'),
      import('../../models/locate.js'),
      import('../../models/pin.js'),
      import('../../models/weights-folder.js'),
      import('../../models/transformers-weights.js'),
    ]);
    const { systems } = openStudy();
    const local = systems.map(({ model }) => model).filter(({ provider }) => provider !== 'openai');
    for (const id of names.length > 0 ? names : new Set(local.map((model) => model.id))) {
      const model = findModel(id);
      const places =
        model.provider === 'transformers'
          ? await fetchWeights(model)
          : model.provider === 'encoder'
            ? [await locateFolder(model)]
            : [(await locateModel(await pinModel(findGguf(id)))).path];
      for (const place of places) console.log(`${id}: verified, ${place}`);
    }
  },
};
export default models;
