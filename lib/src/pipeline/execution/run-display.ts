import { errorText } from '../../project/error.js';
import { type ProgressState, progressLine } from '../../project/progress.js';
import type { NotebookRun, RunListener } from '../notebook/runner.js';

/** Where the runs of notebooks are told of. */
export interface RunDisplay {
  started(name: string, reason: string): RunListener;
  ended(name: string, run: NotebookRun, executedFile: string): void;
  /** @param executedFile where it lies, with its outputs. */
  upToDate(name: string, executedFile: string): void;
  failed(name: string, error: unknown): void;
  note(name: string, text: string): void;
}

/** A terminal, or a file or pipe that stands in for one. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const QUIET_LOG_MS = 10_000;
/** What a cell writes to stderr waits so long, to be left out if it turns out to be the failure, which is shown whole. */
const STDERR_WAIT_MS = 300;

/**
 * A line for each notebook that starts, ends or fails, and for what its cells write to stderr. In a terminal a last
 * line shows which cells are running; in a log, a long task's progress is a line every ten seconds.
 */
export function runDisplay(terminal: Terminal = process.stderr, now: () => number = Date.now): RunDisplay {
  const running = new Map<string, string>();
  const shownAt = new Map<string, number>();
  const starts = new Map<string, number>();
  const waiting = new Map<string, { text: string; timer: NodeJS.Timeout }>();

  const clear = () => terminal.isTTY && terminal.write('\r\x1b[2K');
  const draw = () => {
    if (!terminal.isTTY || running.size === 0) return;
    const line = [...running].map(([name, state]) => `${name} ${state}`).join(' · ');
    terminal.write(`\r\x1b[2K${line.slice(0, (terminal.columns ?? 80) - 1)}`);
  };
  const say = (name: string, text: string) => {
    clear();
    terminal.write(
      `${text
        .trimEnd()
        .split('\n')
        .map((line) => `${name}: ${line}`)
        .join('\n')}\n`,
    );
    draw();
  };

  const flush = (name: string) => {
    const { text = '', timer } = waiting.get(name) ?? {};
    clearTimeout(timer);
    waiting.delete(name);
    if (text.trim() !== '') say(name, text);
  };
  const hold = (name: string, text: string) => {
    const before = waiting.get(name)?.text ?? '';
    clearTimeout(waiting.get(name)?.timer);
    waiting.set(name, { text: before + text, timer: setTimeout(flush, STDERR_WAIT_MS, name) });
  };

  return {
    note: say,
    started(name, reason) {
      starts.set(name, now());
      shownAt.set(name, now());
      running.set(name, 'starting');
      say(name, `running (${reason})`);
      let place = '';
      return {
        onCell(cell, ofCells) {
          flush(name);
          place = `[${cell}/${ofCells}]`;
          running.set(name, place);
          draw();
        },
        onProgress(json) {
          const state: ProgressState = JSON.parse(json);
          running.set(name, `${place} ${progressLine(state)}`);
          draw();
          const silent = now() - (shownAt.get(name) ?? 0);
          const end = state.ended && state.elapsedSeconds * 1000 >= QUIET_LOG_MS;
          if (!end && (terminal.isTTY || silent < QUIET_LOG_MS)) return;
          shownAt.set(name, now());
          say(name, progressLine(state));
        },
        onStderr: (text) => hold(name, text),
      };
    },
    ended(name, run, executedFile) {
      flush(name);
      running.delete(name);
      const seconds = ((now() - (starts.get(name) ?? now())) / 1000).toFixed(1);
      say(name, `done in ${seconds} s, ${publishedCounts(run)}; with outputs: ${executedFile}`);
    },
    upToDate: (name, executedFile) =>
      say(
        name,
        `up to date; with outputs: ${executedFile} (to run it all the same: npx small-claims run ${name} --force)`,
      ),
    failed(name, error) {
      const shown = errorText(error);
      const { text = '', timer } = waiting.get(name) ?? {};
      clearTimeout(timer);
      waiting.delete(name);
      running.delete(name);
      // What was said before the failure itself, such as why a record is computed, tells how it came to it.
      const lines = text.split('\n');
      const failure = lines.findIndex((line) => line.trim() !== '' && shown.includes(line.trim()));
      const before = lines.slice(0, Math.max(0, failure)).join('\n');
      if (before.trim() !== '') say(name, before);
      clear();
      terminal.write(`${shown}\n`);
      draw();
    },
  };
}

/** `3 values, 1 table` */
function publishedCounts({ published }: NotebookRun): string {
  const counts = new Map<string, number>();
  for (const { kind } of published) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  return parts.length > 0 ? parts.join(', ') : 'nothing published';
}
