import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  logSurface,
  notebookSurface,
  PROGRESS_MIME,
  progress,
  progressLine,
  terminalSurface,
} from 'small-claims/project/progress';

/** A clock set by hand and a stream that keeps what is written. */
function stage() {
  const written: string[] = [];
  const clock = { seconds: 0 };
  return {
    written,
    clock,
    now: () => clock.seconds * 1000,
    stream: { write: (text: string) => written.push(text), columns: 200 },
  };
}

test('a terminal shows a bar, the rate and the time left, drawn over itself', () => {
  const { written, clock, now, stream } = stage();
  const rows = progress('scifact dev', 400, 'rows', { surface: terminalSurface(stream), now });
  clock.seconds = 50;
  rows.advance(100);
  clock.seconds = 200;
  rows.advance(300);
  rows.done();
  rows.done();
  assert.deepEqual(written, [
    '\r\x1b[2Kscifact dev ██████░░░░░░░░░░░░░░░░░░ 25 % 100/400 rows, 2.0 rows/s, 2:30 left',
    '\r\x1b[2Kscifact dev ████████████████████████ 100 % 400/400 rows, 2.0 rows/s, 0:00 left',
    '\r\x1b[2Kscifact dev ████████████████████████ 100 % 400/400 rows, 2.0 rows/s, took 3:20\n',
  ]);
});

test('a narrow terminal gets a line that fits', () => {
  const { written, clock, now, stream } = stage();
  const rows = progress('scifact dev', 400, 'rows', {
    surface: terminalSurface({ ...stream, columns: 20 }),
    now,
  });
  clock.seconds = 1;
  rows.advance(1);
  assert.equal(written[0]?.replace('\r\x1b[2K', '').length, 19);
});

test('a log gets a line every ten seconds and none for a short task', () => {
  const { written, clock, now, stream } = stage();
  const long = progress('long', 100, 'rows', { surface: logSurface(stream), now });
  for (clock.seconds = 0; clock.seconds < 25; clock.seconds++) long.advance(1);
  long.done();
  const short = progress('short', 3, 'rows', { surface: logSurface(stream), now });
  short.advance(3);
  short.done();
  assert.equal(written.length, 3);
  assert.ok(written.every((line) => line.startsWith('long')));
});

test('what was done before a resume counts as done but not as speed', () => {
  const { written, clock, now, stream } = stage();
  const bytes = progress('model', 2_000_000_000, 'bytes', {
    already: 1_000_000_000,
    surface: logSurface(stream),
    now,
  });
  clock.seconds = 10;
  bytes.advance(500_000_000);
  assert.deepEqual(written, ['model 75 % 1.5/2.0 GB, 50.0 MB/s, 0:10 left\n']);
});

test('a task of unknown length shows what is done and how fast', () => {
  const state = {
    title: 'fetch',
    count: 1500,
    total: undefined,
    unit: 'bytes',
    rate: 150,
    elapsedSeconds: 3700,
  };
  assert.equal(progressLine({ ...state, ended: false }), 'fetch 1.5 kB, 150 B/s');
  assert.equal(progressLine({ ...state, ended: true }), 'fetch 1.5 kB, 150 B/s, took 1:01:40');
});

test('a notebook gets text by hand and data for the runner when headless', () => {
  const shown: string[] = [];
  const display = { text: (text: string) => shown.push(text), raw: (mime: string) => shown.push(mime) };
  progress('rows', 2, 'rows', { surface: notebookSurface(display, false), now: () => 0 }).done();
  progress('rows', 2, 'rows', { surface: notebookSurface(display, true), now: () => 0 }).done();
  assert.deepEqual(shown, ['rows ░░░░░░░░░░░░░░░░░░░░░░░░ 0 % 0/2 rows, took 0:00', PROGRESS_MIME]);
});
