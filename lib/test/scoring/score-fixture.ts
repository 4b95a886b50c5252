import { projectPaths } from 'small-claims/project/paths';
import { scoreRun } from 'small-claims/scoring/run';
import { ScorerPool } from 'small-claims/scoring/scorer-pool';
import { MODEL } from './model.js';

// A process of its own, to be killed: scores the fixture in the project given as argument.
const paths = projectPaths(process.argv[2]);
const pool = new ScorerPool(paths);
await scoreRun({ model: MODEL, prompt: 'true-false-unknown', test: 'healthver/rows/test' }, pool, paths);
await pool.dispose();
process.exit(0);
