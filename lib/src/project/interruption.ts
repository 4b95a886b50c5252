import { setMaxListeners } from 'node:events';
import { UserError } from './error.js';

/** The user wants it to end: Stop in JupyterLab, Ctrl-C in a terminal. What is kept and how to go on, its text says. */
export class Interrupted extends UserError {}

let controller = fresh();

/**
 * The signal of what begins now: it is given when the user next asks for an end, and to nothing that begins after that. So
 * take it when work begins, and hand it on or look at it between pieces of work.
 */
export const interruption = (): AbortSignal => controller.signal;

/** Asks all that is under way to end. What is begun later is not asked. */
export function interrupt(): void {
  const former = controller;
  controller = fresh();
  former.abort(new Interrupted('interrupted'));
}

/** Whether an error, or what caused it, is that the user wanted an end. */
export function isInterrupted(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Error && isInterrupted(error.cause));
}

/** What there is to say of work that was asked to end: what is kept, and how it goes on. */
export const interruptedText = (name: string, kept: string): string =>
  `${name}: interrupted; ${kept}, run it again to go on from there`;

function fresh(): AbortController {
  const made = new AbortController();
  // As many requests as are under way listen at once.
  setMaxListeners(0, made.signal);
  return made;
}
