import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { LlamaOptions } from 'node-llama-cpp';
import { sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { releaseFolder } from '../llama-tools.js';
import { bindingFolder } from './release.js';

/** The file that node-llama-cpp loads. */
export const ADDON = join('Release', 'llama-addon.node');
/** Its sign that a build is whole. */
export const DONE = 'buildDone.status';

/** Where the engine built for this processor is, or would be: a cache may be shared by machines that differ. */
export function engineFolder(paths: Paths = projectPaths()): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(bindingFolder(), '..', 'package.json'), 'utf8'),
  );
  const key = sha256([version, process.platform, process.arch, processor()].join('\n')).slice(0, 12);
  return join(releaseFolder(paths), 'engine', key);
}

/** The name of the processor and what it can do, as far as the system tells. */
function processor(): string {
  const file = '/proc/cpuinfo';
  const known = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const of = (field: string) => known.find((line) => line.startsWith(field)) ?? '';
  return [cpus()[0]?.model ?? '', of('flags'), of('Features')].join('\n');
}

/**
 * What `getLlama` is to be asked for: the engine built for this processor (`make engine`) where there is one, else
 * nothing, which is the binary that node-llama-cpp brings. SMALL_CLAIMS_ENGINE=prebuilt asks for that too.
 *
 * node-llama-cpp looks for builds in its own folder, by CMake's options, so that the cache's is linked there; an
 * option of our own keeps it apart from others.
 */
export function engineOptions(paths: Paths = projectPaths()): Pick<LlamaOptions, 'cmakeOptions'> {
  const asked = process.env['SMALL_CLAIMS_ENGINE'] ?? '';
  if (!['', 'native', 'prebuilt'].includes(asked))
    throw new UserError(`SMALL_CLAIMS_ENGINE is "${asked}"`, { hint: 'Give native or prebuilt.' });
  if (asked === 'prebuilt') return {};
  const folder = engineFolder(paths);
  if (existsSync(join(folder, DONE))) {
    const cmakeOptions = { SMALL_CLAIMS_ENGINE: folder };
    link(folder, cmakeOptions);
    return { cmakeOptions };
  }
  if (asked === 'native')
    throw new UserError('SMALL_CLAIMS_ENGINE is native, and no engine has been built for this processor', {
      hint: 'make engine builds it.',
    });
  return {};
}

function link(folder: string, options: Readonly<Record<string, string>>): void {
  const builds = join(bindingFolder(), 'localBuilds');
  const gpu = readdirSync(folder).flatMap((name) => /^gpu-(\w+)$/.exec(name)?.[1] ?? []);
  const system = { darwin: 'mac', win32: 'win' }[String(process.platform)] ?? process.platform;
  const place = join(builds, [system, process.arch, ...gpu, hashOf(options)].join('-'));
  if (linked(place) === folder) return;
  mkdirSync(builds, { recursive: true });
  try {
    rmSync(place, { force: true });
    symlinkSync(folder, place, 'junction');
  } catch (error) {
    // Another process may have been faster.
    if (linked(place) !== folder) throw error;
  }
}

function linked(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}

/** node-llama-cpp's name for a set of CMake's options (getBuildFolderNameForBuildOptions). */
function hashOf(options: Readonly<Record<string, string>>): string {
  const text = Object.entries(options).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return [...createHash('sha1').update(text.join(';')).digest()].map((byte) => byte.toString(36)).join('');
}
