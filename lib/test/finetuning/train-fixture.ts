import { readFileSync } from 'node:fs';
import { train } from 'small-claims/finetuning/training';
import { projectPaths } from 'small-claims/project/paths';

// Trains until it is done or killed: node train-fixture.js TRAINING.json FOLDER
const [training = '', folder = ''] = process.argv.slice(2);
await train(JSON.parse(readFileSync(training, 'utf8')), { ...projectPaths(), training: folder });
