import { BUILDS } from './builds.js';
import { ENTRIES } from './entries.js';
import { MADE } from './made.js';
import type { Mutation } from './mutations.js';
import { TABLES } from './tables.js';

/** What a file was read as. */
export interface Reading {
  /** What has to be the same where the file says the same. */
  readonly meaning: unknown;
  /** Rows, or whatever it has several of. */
  readonly rows?: number;
  /** What was told the reader. */
  readonly notes?: readonly string[];
}

/** A kind of file that users write or bring. */
export interface Target {
  /** `csv`, `study`, ...: unique. */
  readonly kind: string;
  /** What errors call it: the end of its path. */
  readonly file: string;
  readonly valid: Buffer;
  readonly mutations: readonly Mutation[];
  /** Puts the bytes where the file is and reads it as a command would. */
  readonly read: (bytes: Buffer) => Reading | Promise<Reading>;
}

/** Every kind of file, a module for those that are alike. */
export const TARGETS: readonly Target[] = [...TABLES, ...BUILDS, ...ENTRIES, ...MADE];
