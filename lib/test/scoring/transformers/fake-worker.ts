import { createInterface } from 'node:readline';

// A worker that computes nothing, to be started by tests: it speaks the protocol, and its argument says how it goes wrong.
const [fault = 'none'] = process.argv.slice(2);
const say = (what: unknown) => process.stdout.write(`${JSON.stringify(what)}\n`);
let asked = 0;

const loaded = {
  device: 'cpu',
  dtype: 'float32',
  versions: { torch: '2.13.0', transformers: '5.24.0', peft: '0.21.2' },
  chat: { template: null, bos: '', eos: '' },
  labels: ['NEI', 'SUPPORT', 'CONTRADICT', 'other'],
};

/** What goes wrong after two rows. */
const faults: Readonly<Record<string, () => void>> = {
  killed: () => process.kill(process.pid, 'SIGKILL'),
  ends: () => {
    process.stderr.write('Traceback\nOSError: the \u001b[31mdisk\u0007 is gone\n');
    process.exitCode = 3;
    process.stdin.destroy();
  },
  garbage: () => process.stdout.write('Loading checkpoint shards: \u001b[2K 50 %\n'),
  endless: () => {
    const block = 'a'.repeat(2 ** 20);
    for (let sent = 0; sent < 8; sent++) process.stdout.write(block);
  },
  silent: () => {},
  refuses: () => say({ error: { message: `no memory\u001b[31m ${'x'.repeat(5000)}`, hint: null } }),
  'no number': () =>
    say({ row: { id: '2', logits: ['NaN'], largest: 0, weight: 1, tokens: 1, milliseconds: 1 } }),
  'another row': () => say({ row: { id: '2' } }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const request: { do: string; rows?: { id: string }[] } = JSON.parse(line);
  if (request.do === 'load') {
    if (fault === 'loads nothing') say({ error: { message: 'no such model', hint: 'Take another.' } });
    else say({ done: loaded });
    return;
  }
  asked += 1;
  say({ alive: asked });
  for (const [index, { id }] of (request.rows ?? []).entries()) {
    if (index === 2 && fault !== 'none') return faults[fault]?.();
    const common = { id, tokens: 7, milliseconds: 1.5 };
    if (request.do === 'score') say({ row: { ...common, logits: [1, 2, 3], largest: 4, weight: 2 } });
    else if (request.do === 'label') say({ row: { ...common, logits: [0, Math.log(6), Math.log(2), 0] } });
    else if (request.do === 'tag') say({ row: { ...common, spans: [{ type: 'food', start: 7, end: 13 }] } });
    else say({ row: { ...common, text: 'True\u0007', finish: 'stop', written: 2 } });
  }
  say({ done: {} });
});
