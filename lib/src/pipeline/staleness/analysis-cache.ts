import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../../project/atomic.js';
import { sha256 } from '../../project/digest.js';
import { isObject } from '../../project/json.js';

/** Answers that depend on a text alone, kept by its hash from one run to the next. */
export interface AnalysisCache {
  get<Answer>(question: string, text: string, answer: (text: string) => Answer): Answer;
  /** Writes what is new to the disk. */
  save(): void;
}

/** More than a project's modules, cells and study files; what was not asked for longest is forgotten first. */
const LIMIT = 4000;
/** Of the code that gives the answers: other code, other answers. */
const READERS = ['code-units', 'code-meaning', 'cell-code'];

/** Opens the cache kept in `file`; one that cannot be made out is begun anew. */
export function openAnalysisCache(file: string): AnalysisCache {
  const version = sha256(READERS.map(readerText).join('\n'));
  const known = new Map(Object.entries(load(file, version)));
  let changed = false;
  return {
    get<Answer>(question: string, text: string, answer: (text: string) => Answer): Answer {
      const key = `${question} ${sha256(text)}`;
      const found = known.get(key);
      if (found !== undefined) {
        try {
          // Written by this very code, which the version stands for.
          return JSON.parse(found);
        } catch {
          known.delete(key);
        }
      }
      const fresh = answer(text);
      known.set(key, JSON.stringify(fresh));
      changed = true;
      return fresh;
    },
    save() {
      if (!changed) return;
      const answers = Object.fromEntries([...known].slice(-LIMIT));
      writeFileAtomic(file, JSON.stringify({ version, answers }));
      changed = false;
    },
  };
}

const readerText = (name: string) =>
  readFileSync(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), 'utf8');

function load(file: string, version: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {};
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isObject(content) || content['version'] !== version || !isObject(content['answers'])) return {};
    const answers = Object.entries(content['answers']);
    return Object.fromEntries(
      answers.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
    );
  } catch {
    return {};
  }
}
