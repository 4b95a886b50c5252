import { gunzipSync } from 'node:zlib';
import { UserError } from '../../project/error.js';

/** Files that are no text, by the bytes that they begin with, and how to have one. */
const PACKED: readonly (readonly [string, string, string])[] = [
  ['PK\x03\x04', 'a zip archive or a workbook', 'Unpack it first (unzip FILE), or save the sheet as CSV.'],
  ['\xd0\xcf\x11\xe0', 'a workbook of an old form', 'Save the sheet as CSV (UTF-8).'],
  ['PAR1', 'Parquet', 'Convert it first, in Python: pandas.read_parquet(FILE).to_csv(NEW, index=False)'],
  ['ARROW1', 'Arrow', 'Convert it first, in Python: pandas.read_feather(FILE).to_csv(NEW, index=False)'],
  ['ORC', 'ORC', 'Convert it first, in Python: pandas.read_orc(FILE).to_csv(NEW, index=False)'],
  ['Obj\x01', 'Avro', 'Save its rows as JSON Lines.'],
  ['BZh', 'compressed by bzip2', 'Unpack it first: bunzip2 FILE'],
  ['\xfd7zXZ', 'compressed by xz', 'Unpack it first: unxz FILE'],
  ['\x28\xb5\x2f\xfd', 'compressed by Zstandard', 'Unpack it first: unzstd FILE'],
  ['7z\xbc\xaf', 'a 7z archive', 'Unpack it first: 7z x FILE'],
  ['Rar!', 'a RAR archive', 'Unpack it first: unrar x FILE'],
  ['%PDF', 'a PDF', 'Save its table as CSV.'],
  [
    'SQLite format 3',
    'an SQLite data base',
    'Save the table as CSV: sqlite3 -header -csv FILE "select * from TABLE"',
  ],
  ['\x89HDF', 'HDF5', 'Convert it first, in Python: pandas.read_hdf(FILE).to_csv(NEW, index=False)'],
  ['\x80', 'a pickle of Python, it seems', 'Save its rows as CSV or JSON Lines where it was made.'],
  ['version https://git-lfs', 'a pointer of Git LFS', 'Fetch the file that it stands for: git lfs pull'],
  ...['<!doctype', '<html', '<?xml'].map((tag): [string, string, string] => [
    tag,
    'a page of HTML or XML, not a table',
    'An address may have answered with a page: look at the file, and fetch it again.',
  ]),
];

/** What a text of one piece may be at most, in UTF-16 units: V8's own bound. */
const MOST_BYTES = 2 ** 29 - 25;

/**
 * The bytes of a table's file, unpacked where gzip has packed them.
 *
 * @throws UserError naming what the file is, where it is no text, is cut short, or is too large to be held.
 */
export function unpacked(bytes: Uint8Array, file: string): Uint8Array {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipped(bytes, file) : bytes;
  const packed = content !== bytes && 'compressed by gzip, and within it ';
  const first = Buffer.from(content.subarray(0, 32)).toString('latin1');
  const [, what, hint] =
    PACKED.find(([signature]) => first.toLowerCase().startsWith(signature.toLowerCase())) ?? [];
  if (what && hint)
    throw new UserError(`${packed || ''}${what}${what.includes('not') ? '' : ', not text'}`, {
      at: { file },
      hint,
    });
  if (Buffer.from(content.subarray(257, 262)).toString('latin1') === 'ustar')
    throw new UserError(`${packed || ''}a tar archive, not text`, {
      at: { file },
      hint: 'Unpack it first (tar xf FILE), and name a file of it.',
    });
  if (content[0] === 0x1f && content[1] === 0x8b)
    throw new UserError('compressed by gzip twice', { at: { file }, hint: 'Unpack it first: gunzip FILE' });
  if (content.length > MOST_BYTES)
    throw new UserError(
      `${Math.round(content.length / 2 ** 20).toLocaleString('en')} MiB, more than can be held`,
      {
        at: { file },
        hint: 'Divide it into files of less than 512 MiB.',
      },
    );
  return content;
}

/** What the name of a file says of its form, whether it is compressed or not. */
export const plainName = (file: string): string => file.replace(/\.gz(?:ip)?$/i, '');

function gunzipped(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const large = cause instanceof RangeError;
    throw new UserError(
      large ? 'unpacks to more than 512 MiB' : `compressed by gzip, and damaged or cut short: ${reason}`,
      { at: { file }, hint: large ? 'Divide it.' : 'Fetch or make it again.', cause },
    );
  }
}
