import { notebookKernel } from './notebook.js';

/** How far a long task has come. */
export interface Progress {
  /** `count` more units are done; `note`, such as a loss, is shown with them. */
  advance(count: number, note?: string): void;
  /** The task has ended; leaves the last line standing. Call it in a `finally`. */
  done(): void;
}

/** The state a surface shows. */
export interface ProgressState {
  readonly title: string;
  /** Units done, of `total` where that is known. */
  readonly count: number;
  readonly total: number | undefined;
  readonly unit: string;
  /** Units a second since the start; undefined before anything has been done. */
  readonly rate: number | undefined;
  readonly elapsedSeconds: number;
  readonly ended: boolean;
  readonly note?: string | undefined;
}

/** Where progress is shown, at most once every `everyMs` and once at the end. */
export interface ProgressSurface {
  readonly everyMs: number;
  show(state: ProgressState): void;
}

/** The mime type of progress in a notebook run headless: JSON of a `ProgressState`, for the runner to show. */
export const PROGRESS_MIME = 'application/vnd.small-claims.progress+json';

/**
 * Shows how far a task has come, with rate and time left: a bar in a terminal, a line every ten seconds in a log,
 * one line that changes in a notebook.
 *
 * @param total in units; undefined where it is not known. The unit `bytes` is shown as kB, MB, GB.
 * @param options.already units done before (a resumed task): in the count, not in the rate.
 * @param options.surface where it is shown; @param options.now the clock in milliseconds. Both are for tests.
 */
export function progress(
  title: string,
  total: number | undefined,
  unit: string,
  options: { already?: number; surface?: ProgressSurface; now?: () => number } = {},
): Progress {
  const { already = 0, surface = defaultSurface(), now = () => performance.now() } = options;
  const start = now();
  let count = already;
  let shownAt = start;
  let ended = false;
  let latest: string | undefined;
  const show = () => {
    shownAt = now();
    const elapsedSeconds = (shownAt - start) / 1000;
    const rate = count > already && elapsedSeconds > 0 ? (count - already) / elapsedSeconds : undefined;
    surface.show({ title, count, total, unit, rate, elapsedSeconds, ended, ...(latest && { note: latest }) });
  };
  return {
    advance(more, note) {
      count += more;
      latest = note ?? latest;
      if (!ended && now() - shownAt >= surface.everyMs) show();
    },
    done() {
      if (ended) return;
      ended = true;
      show();
    },
  };
}

function defaultSurface(): ProgressSurface {
  const kernel = notebookKernel();
  if (kernel) return notebookSurface(kernel.newDisplay());
  return process.stderr.isTTY ? terminalSurface(process.stderr) : logSurface(process.stderr);
}

/** A bar drawn over itself. @internal */
export function terminalSurface(stream: {
  write(text: string): unknown;
  readonly columns?: number;
}): ProgressSurface {
  return {
    everyMs: 100,
    show(state) {
      const line = progressLine(state, 24).slice(0, (stream.columns ?? 80) - 1);
      stream.write(`\r\x1b[2K${line}${state.ended ? '\n' : ''}`);
    },
  };
}

/** A line every ten seconds; nothing for a task shorter than that. @internal */
export function logSurface(stream: { write(text: string): unknown }): ProgressSurface {
  const everyMs = 10_000;
  return {
    everyMs,
    show(state) {
      if (state.elapsedSeconds * 1000 >= everyMs) stream.write(`${progressLine(state)}\n`);
    },
  };
}

/**
 * One display that changes. Headless, it is data for the runner to show and to keep out of the saved notebook.
 *
 * @internal
 */
export function notebookSurface(
  display: { text(text: string): void; raw(mime: string, content: string): void },
  headless: boolean = process.env['SMALL_CLAIMS_NOTEBOOK'] !== undefined,
): ProgressSurface {
  return {
    everyMs: 500,
    show(state) {
      if (headless) display.raw(PROGRESS_MIME, JSON.stringify(state));
      else display.text(progressLine(state, 24));
    },
  };
}

/** `scifact dev ██████░░░░░░ 45 % 202/450 rows, 3.4 rows/s, 1:13 left`; no bar where `barWidth` is 0. */
export function progressLine(state: ProgressState, barWidth = 0): string {
  const { title, count, total, unit, rate, elapsedSeconds, ended, note } = state;
  const share = total === undefined || total <= 0 ? undefined : Math.min(1, count / total);
  const filled = share === undefined ? 0 : Math.round(share * barWidth);
  const bar =
    share === undefined || barWidth === 0 ? [] : ['█'.repeat(filled) + '░'.repeat(barWidth - filled)];
  const percent = share === undefined ? [] : [`${Math.floor(share * 100)} %`];
  const amounts =
    total === undefined ? amount(count, unit) : `${amount(count, unit, total)}/${amount(total, unit)}`;
  const speed =
    rate === undefined ? [] : [`${unit === 'bytes' ? amount(rate, unit) : `${short(rate)} ${unit}`}/s`];
  const left = total === undefined || rate === undefined ? undefined : Math.max(0, total - count) / rate;
  const time = ended ? [`took ${clock(elapsedSeconds)}`] : left === undefined ? [] : [`${clock(left)} left`];
  return `${[title, ...bar, ...percent, ''].join(' ')}${[amounts, ...speed, ...time, ...(note ? [note] : [])].join(', ')}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** An amount with its unit; with `outOf`, the bare number in the unit of that larger amount. */
function amount(count: number, unit: string, outOf?: number): string {
  if (unit !== 'bytes') return outOf === undefined ? `${whole(count)} ${unit}` : whole(count);
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, outOf ?? count)) / 3));
  const scaled = step === 0 ? whole(count) : (count / 1000 ** step).toFixed(1);
  return outOf === undefined ? `${scaled} ${BYTE_UNITS[step]}` : scaled;
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const short = (value: number) => (value >= 100 ? whole(value) : value.toPrecision(2));

/** Seconds as m:ss or h:mm:ss. */
function clock(seconds: number): string {
  const rounded = Math.round(seconds);
  const parts = [Math.floor(rounded / 3600), Math.floor((rounded % 3600) / 60), rounded % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
