import type { ServerResponse } from 'node:http';
import { completionOf, type Got, json } from './fake-endpoint.js';

interface FakeBatch {
  readonly id: string;
  readonly input: string;
  readonly metadata: object;
  looks: number;
}

/** What a batch makes of one of its requests: a line of its output file, as text where it is no JSON, or nothing. */
export type Answering = (id: string, body: object) => object | string | undefined;

/** A line with a good completion. */
export const answered: Answering = (id, body) => ({
  custom_id: id,
  response: { status_code: 200, body: completionOf(JSON.stringify(body)) },
  error: null,
});

/**
 * The Batch API: files, batches, a batch that is over at its third look. `atCreate` may answer the request that creates
 * one, which is created all the same.
 */
export function fakeBatches({
  answer = answered,
  status = 'completed',
  atCreate = () => false,
}: {
  answer?: Answering;
  status?: string;
  atCreate?: (response: ServerResponse) => boolean;
} = {}) {
  const files = new Map<string, string>();
  const batches: FakeBatch[] = [];
  const asJson = (batch: FakeBatch) => {
    const over = batch.looks >= 3;
    const output = `output-${batch.id}`;
    return {
      id: batch.id,
      object: 'batch',
      status: over ? status : 'in_progress',
      metadata: batch.metadata,
      ...(over && files.get(output) !== '' && { output_file_id: output }),
      ...(status === 'failed' && { errors: { data: [{ message: 'the file is not as it should be' }] } }),
    };
  };

  function handle({ path, body }: Got, response: ServerResponse): boolean {
    if (path === '/v1/files') {
      const id = `file-${files.size}`;
      // Of the multipart body, the lines of the file.
      files.set(
        id,
        body
          .split(/\r?\n/)
          .filter((line) => line.startsWith('{"custom_id"'))
          .join('\n'),
      );
      json(response, 200, { id, object: 'file' });
    } else if (path.startsWith('/v1/files/')) {
      response.writeHead(200).end(files.get(path.split('/')[3] ?? ''));
    } else if (path === '/v1/batches' && body !== '') {
      const { input_file_id, metadata } = JSON.parse(body);
      const batch = { id: `batch-${batches.length}`, input: input_file_id, metadata, looks: 0 };
      batches.push(batch);
      const lines = (files.get(input_file_id) ?? '').split('\n').filter(Boolean);
      const output = lines.flatMap((line) => {
        const { custom_id, body: asked } = JSON.parse(line);
        return answer(custom_id, asked) ?? [];
      });
      // In an order of its own, as batches have it.
      files.set(
        `output-${batch.id}`,
        output
          .reverse()
          .map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`)
          .join(''),
      );
      if (!atCreate(response)) json(response, 200, asJson(batch));
    } else if (path.startsWith('/v1/batches?')) {
      json(response, 200, { object: 'list', data: batches.map(asJson), has_more: false });
    } else {
      const batch = batches.find(({ id }) => path === `/v1/batches/${id}`);
      if (!batch) return false;
      batch.looks += 1;
      json(response, 200, asJson(batch));
    }
    return true;
  }
  return { handle, batches, files };
}
