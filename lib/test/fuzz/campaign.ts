import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { inputsOf, type Outcome, outcomeOf } from './fuzz.js';
import { TARGETS } from './targets.js';

/** What a worker tells: which input it begins with, and what became of it. */
type Told = { readonly begun: string } | Outcome;

/** How long an input may take before it is said to hang: seconds of computing, or a multiple on a busy machine's clock. */
const PATIENCE = 20;
const BUSY = 15;

/**
 * Reads every target changed in every way it knows, `times` times. In a thread of its own, so that one that hangs is
 * stopped and told, and the next goes on.
 */
export async function campaign(times: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let next = 0, done = false; !done; next = outcomes.length) {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { times, next },
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    let name = 'the first input';
    const flaw = await new Promise<string | undefined>((resolve) => {
      let waiting: NodeJS.Timeout | undefined;
      const told = () => {
        clearTimeout(waiting);
        const [began, since] = [process.cpuUsage(), performance.now()];
        const look = () => {
          const { user, system } = process.cpuUsage(began);
          const hangs = user + system > 1e6 * PATIENCE || performance.now() - since > 1e3 * BUSY * PATIENCE;
          if (hangs) resolve(`no end within ${PATIENCE} seconds`);
          else waiting = setTimeout(look, 1000);
        };
        waiting = setTimeout(look, 1000 * PATIENCE);
      };
      told();
      worker.on('message', (message: Told) => {
        told();
        if ('begun' in message) name = message.begun;
        else outcomes.push(message);
      });
      worker.on('error', (error) => resolve(String(error)));
      worker.on('exit', () => {
        clearTimeout(waiting);
        resolve(undefined);
      });
    });
    await worker.terminate();
    if (flaw === undefined) done = true;
    else outcomes.push({ name, became: 'bug', said: flaw, flaws: ['ends the process, or does not end'] });
  }
  return outcomes;
}

if (!isMainThread && parentPort) {
  const { times, next } = workerData;
  let at = 0;
  for (const input of inputsOf(TARGETS, times)) {
    parentPort.postMessage({ begun: input.name });
    if (at++ >= next) parentPort.postMessage(await outcomeOf(input));
  }
}
