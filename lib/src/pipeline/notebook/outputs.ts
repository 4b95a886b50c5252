import { isObject, type JsonObject } from '../../project/json.js';
import { PROGRESS_MIME } from '../../project/progress.js';
import { PUBLISHED_MIME } from '../../reporting/display.js';
import type { WireMessage } from '../kernel/wire.js';

/** One thing a notebook published, and the cell that did. */
export interface Published {
  readonly kind: string;
  readonly id: string;
  readonly cell: number;
}

/** What the runner hears while a cell runs. */
export interface OutputListener {
  onPublished(kind: string, id: string): void;
  /** A state of a long task's progress, as JSON. */
  onProgress(state: string): void;
  onStderr(text: string): void;
}

/** The outputs of a notebook's cells, gathered from messages as a Jupyter front end does. */
export interface Outputs {
  add(cell: number, message: WireMessage, listener: OutputListener): void;
  /** The outputs of a cell as nbformat 4 has them. */
  of(cell: number): readonly JsonObject[];
}

type Output = Record<string, unknown>;

/** An empty collection. A display that is updated keeps its place; progress is passed on and not kept. */
export function collectOutputs(): Outputs {
  const cells = new Map<number, Output[]>();
  const displays = new Map<string, Output[]>();

  const addStream = (outputs: Output[], name: unknown, text: string) => {
    const last = outputs.at(-1);
    if (last?.['output_type'] === 'stream' && last['name'] === name) last['text'] = `${last['text']}${text}`;
    else outputs.push({ output_type: 'stream', name, text });
  };

  return {
    add(cell, { type, content }, listener) {
      const outputs = cells.get(cell) ?? [];
      cells.set(cell, outputs);
      if (type === 'stream') {
        const text = String(content['text']);
        if (content['name'] === 'stderr') listener.onStderr(text);
        addStream(outputs, content['name'], text);
        return;
      }
      if (type !== 'display_data' && type !== 'update_display_data') return;
      const bundle: JsonObject = isObject(content['data']) ? content['data'] : {};
      const { [PROGRESS_MIME]: progress, [PUBLISHED_MIME]: published, ...data } = bundle;
      if (progress !== undefined)
        listener.onProgress(typeof progress === 'string' ? progress : JSON.stringify(progress));
      const { kind, id } = publication(published) ?? {};
      if (kind !== undefined && id !== undefined) listener.onPublished(kind, id);
      if (Object.keys(data).length === 0) return;

      const output: Output = { output_type: 'display_data', data, metadata: content['metadata'] ?? {} };
      const transient = isObject(content['transient']) ? content['transient'] : {};
      const displayId = transient['display_id'];
      if (typeof displayId !== 'string') {
        outputs.push(output);
        return;
      }
      const shown = displays.get(displayId) ?? [];
      displays.set(displayId, shown);
      if (type === 'update_display_data' && shown.length > 0) {
        for (const earlier of shown) Object.assign(earlier, output);
      } else {
        shown.push(output);
        outputs.push(output);
      }
    },
    of: (cell) => cells.get(cell) ?? [],
  };
}

function publication(value: unknown): { readonly kind: string; readonly id: string } | undefined {
  const data: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!isObject(data)) return undefined;
  const { kind, id } = data;
  return typeof kind === 'string' && typeof id === 'string' ? { kind, id } : undefined;
}
