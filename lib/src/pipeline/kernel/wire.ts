import { createHmac, randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '../../project/json.js';

/** Bytes that a notebook may print and show: a hundred times what a reader would look at. */
export const MOST_PRINTED: number = 2 ** 26;

/** One message of the Jupyter protocol, version 5.3 (https://jupyter-client.readthedocs.io/en/stable/messaging.html). */
export interface WireMessage {
  readonly type: string;
  readonly id: string;
  /** Id of the request this message answers, where it answers one. */
  readonly parentId: string | undefined;
  readonly content: JsonObject;
  /** Of the content as it came. */
  readonly bytes: number;
}

const DELIMITER = Buffer.from('<IDS|MSG>');

/** A request as signed frames: delimiter, HMAC-SHA256 in hex, header, parent header, metadata, content. */
export function encodeRequest(
  key: string,
  session: string,
  type: string,
  content: JsonObject,
): { readonly id: string; readonly frames: readonly (Buffer | string)[] } {
  const id = randomUUID();
  const header = {
    msg_id: id,
    session,
    username: 'small-claims',
    date: new Date().toISOString(),
    msg_type: type,
    version: '5.3',
  };
  const parts = [JSON.stringify(header), '{}', '{}', JSON.stringify(content)];
  return { id, frames: [DELIMITER, sign(key, parts), ...parts] };
}

/**
 * Reads signed frames.
 *
 * @throws Error when the frames are not a message or their signature is not made with `key`.
 */
export function decodeMessage(key: string, frames: readonly Buffer[]): WireMessage {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const [signature, ...parts] = start < 0 ? [] : frames.slice(start + 1, start + 6);
  if (signature === undefined || parts.length < 4)
    throw new Error('the kernel sent something that is no Jupyter message');
  if (sign(key, parts) !== signature.toString())
    throw new Error('the kernel sent a message with a wrong signature');
  const [header, parent, , content] = parts.map((part) => jsonObject(part.toString()));
  return {
    type: text(header?.['msg_type']) ?? '',
    id: text(header?.['msg_id']) ?? '',
    parentId: text(parent?.['msg_id']),
    content: content ?? {},
    bytes: parts[3]?.length ?? 0,
  };
}

function sign(key: string, parts: readonly (Buffer | string)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

function jsonObject(source: string): JsonObject {
  const value: unknown = JSON.parse(source);
  return isObject(value) ? value : {};
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
