import type { ApiModel } from '../../models/catalogue.js';
import { UserError } from '../../project/error.js';
import { CAP_VARIABLE } from './budget.js';

const DEFAULT_URL = 'https://api.openai.com/v1';

/** Where a model is asked. Holds a secret: it is never written, shown or put into an error. */
export interface Endpoint {
  readonly url: string;
  readonly key: string | undefined;
}

/**
 * The endpoint of a model: its address and key are in the variables that its entry names, else in OPENAI_BASE_URL and
 * OPENAI_API_KEY. OpenAI's own address need not be given. An entry that names a variable for its address, or was made of
 * one, is sent no key but the one it names, so that none goes where it does not belong.
 *
 * @throws UserError saying which variable to set.
 */
export function findEndpoint(model: ApiModel, env: NodeJS.ProcessEnv = process.env): Endpoint {
  const own = model.endpoint === undefined && model.url === undefined;
  const urlVariable = model.endpoint ?? 'OPENAI_BASE_URL';
  const urlName = model.url === undefined ? urlVariable : 'what was named';
  const keyVariable = model.key ?? (own ? 'OPENAI_API_KEY' : undefined);
  const url = model.url ?? (env[urlVariable] || (model.server === 'openai' ? DEFAULT_URL : undefined));
  const key = keyVariable === undefined ? undefined : env[keyVariable]?.trim() || undefined;
  if (url === undefined) {
    throw new UserError(`${model.title} is asked at an endpoint, and ${urlVariable} does not say where`, {
      hint: `Start the server and set ${urlVariable} to its address, such as http://127.0.0.1:8000/v1.`,
    });
  }
  // The address may carry a password, so it is not repeated.
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UserError(`${urlName} is no address`, { hint: 'It looks like http://127.0.0.1:8000/v1.' });
  }
  if (new URL(url).username !== '' || new URL(url).password !== '') {
    throw new UserError(`${urlName} holds a user name or password, which no request may carry there`, {
      hint: 'Give the address alone, and the key in a variable of its own.',
    });
  }
  // Node refuses such a key with an error that repeats it.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UserError(
      `${keyVariable} is no key: it holds a space, a line end or a sign that is not ASCII`,
      {
        hint: 'Copy the key again, without quotes or anything else around it.',
      },
    );
  }
  if (key === undefined && (model.server === 'openai' || model.key !== undefined)) {
    throw new UserError(`${model.title} needs a key, and ${keyVariable} is not set`, {
      hint: `Set ${keyVariable} to your key and ${CAP_VARIABLE} to the most that may be spent, in dollars.`,
    });
  }
  return { url, key };
}

/** A text of an endpoint's, short, on one line, and without the key should it repeat it. */
export function harmless(text: string, { key, url }: Endpoint): string {
  const hidden = [key, url, new URL(url).host].reduce<string>(
    (rest, secret) => (secret ? rest.replaceAll(secret, '…') : rest),
    text,
  );
  return hidden
    .replaceAll(/\b(?:sk|Bearer)[- ][\w*.…-]+/g, '…')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200)
    .trim();
}
