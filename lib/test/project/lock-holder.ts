import { withLock } from 'small-claims/project/lock';

// A process of its own, to be killed: says its id once it holds the lock given as argument, and never gives it back.
const [, , path = ''] = process.argv;
await withLock(path, async () => {
  process.stdout.write(`${process.pid}\n`);
  await new Promise(() => setInterval(() => {}, 1000));
});
