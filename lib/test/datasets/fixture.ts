import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { BuildName } from 'small-claims/datasets/build-name';
import { loadBuild } from 'small-claims/datasets/builds';
import { readCatalogue } from 'small-claims/datasets/catalogue';
import { sha256 } from 'small-claims/project/digest';
import { UserError } from 'small-claims/project/error';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { type Headers, pack } from 'tar-stream';

/** A member of a fixture's archive: its text, bytes, or a header of another kind. */
export type Member = string | Uint8Array | Headers;

/** A .tar.gz of the given members, in order. */
export async function tarGz(members: Iterable<readonly [string, Member]>): Promise<Buffer> {
  const archive = pack();
  for (const [name, member] of members) {
    if (typeof member === 'string') archive.entry({ name }, member);
    else if (member instanceof Uint8Array) archive.entry({ name }, Buffer.from(member));
    else archive.entry({ ...member, name });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

export const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const abstract = (doc_id: number, ...sentences: string[]) => ({
  doc_id,
  title: `Document ${doc_id}`,
  abstract: sentences,
  structured: false,
});

/** A release in SciFact's own format, small enough to work out by hand. */
export const scifactMembers = {
  'data/corpus.jsonl': jsonLines([
    abstract(
      40,
      'Tea was given to mice.',
      'Sleep was measured.',
      ' Tea\nlengthened  sleep. ',
      'More work is needed.',
    ),
    abstract(7, 'Coffee keeps mice awake.', 'Tea does not keep mice awake.'),
    abstract(
      900,
      'Salt raises pressure.',
      'Sugar does not.',
      'Pepper was not tested.',
      'Nor was tea.',
      'The end.',
    ),
  ]),
  'data/claims_train.jsonl': jsonLines([
    { id: 3, claim: 'Tea lengthens sleep.', evidence: {}, cited_doc_ids: [900, 40] },
    {
      id: 1,
      claim: ' Tea  lengthens sleep in mice. ',
      evidence: {
        '40': [
          { sentences: [2, 0], label: 'SUPPORT' },
          { sentences: [1], label: 'SUPPORT' },
        ],
        '7': [{ sentences: [1], label: 'SUPPORT' }],
      },
      cited_doc_ids: [40, 7, 900],
    },
  ]),
  'data/claims_dev.jsonl': jsonLines([
    { id: 5, claim: 'Tea lengthens sleep.', evidence: {}, cited_doc_ids: [7, 7] },
    {
      id: 6,
      claim: 'Sugar raises pressure.',
      evidence: { '900': [{ sentences: [1], label: 'CONTRADICT' }] },
      cited_doc_ids: [900],
    },
  ]),
};

/** The release's archive, with some members replaced or (undefined) left out. */
export function scifactArchive(changes: Readonly<Record<string, Member | undefined>> = {}): Promise<Buffer> {
  const members = Object.entries<Member | undefined>({ ...scifactMembers, ...changes });
  return tarGz(members.flatMap(([name, member]) => (member === undefined ? [] : [[name, member] as const])));
}

/** A split in HealthVer's own format. */
export const healthverCsv = [
  'id,evidence,claim,label,topic_ip,question',
  '11,"Tea, it was found, lengthens sleep.",Tea lengthens sleep,Supports,1,does tea help?',
  '12," A ""blind"" trial\nfound no effect.",Tea lengthens sleep ,Refutes,1,does tea help?',
  '4,Salt was not studied.,Salt shortens sleep,Neutral,2,does salt harm?',
  '',
].join('\n');

/**
 * A project in a temporary folder with this project's tasks, prompts and builds, whose catalogue pins the given files and
 * no others; removed after the tests of the file.
 */
export function fixtureProject(
  releases: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>,
): Paths {
  const [here, paths] = [projectPaths(), projectPaths(temporaryFolder('project'))];
  mkdirSync(paths.data);
  for (const file of ['tasksFile', 'promptsFile'] as const) cpSync(here[file], paths[file]);
  const pinned = Object.entries(readCatalogue(here)).map(([dataset, entry]) => {
    const given = Object.entries(releases[dataset] ?? {});
    // Of a file that is not made up here the hash is the real one's, and there is nothing of it.
    const others = given.length > 0 ? Object.entries(entry.files) : [];
    const hashes = [
      ...others.map(([name, file]) => [name, file.sha256] as const),
      ...given.map(([name, bytes]) => [name, sha256(bytes)] as const),
    ];
    const files = hashes.map(([name, hash]) => [name, { url: `http://127.0.0.1:9/${name}`, sha256: hash }]);
    return [dataset, { ...entry, title: `Fixture of ${dataset}`, files: Object.fromEntries(files) }];
  });
  // JSON is YAML.
  writeFileSync(paths.datasetsFile, JSON.stringify(Object.fromEntries(pinned)));
  return paths;
}

/** The rows of a build of made-up files in the format of one of our data sets. */
export function loadFixture(name: BuildName, files: Readonly<Record<string, string>>) {
  const [dataset = ''] = name.split('/');
  const bytes = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text)]));
  const mirror = layOut(temporaryFolder('mirror'), { [dataset]: bytes });
  return loadBuild(name, { paths: fixtureProject({ [dataset]: bytes }), mirror });
}

/** What a user is told of such files, with the name of the file alone. */
export async function flawIn(name: BuildName, files: Readonly<Record<string, string>>) {
  const { at, message } = await refusal(() => loadFixture(name, files));
  return { ...at, file: at.file?.split('/').at(-1), message };
}

/** What a user is told where something is refused. */
export async function refusal(attempt: () => unknown): Promise<UserError> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return assert.fail('it was accepted');
}

/** Writes `files` as FOLDER/DATASET/NAME. */
export function layOut(
  folder: string,
  releases: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>,
): string {
  for (const [dataset, files] of Object.entries(releases)) {
    mkdirSync(join(folder, dataset), { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, dataset, name), bytes);
  }
  return folder;
}

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `small-claims-${purpose}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
