// Makes the checkout ready to run: packages from package-lock.json, and lib/dist from lib/src. Does nothing, in some
// milliseconds, when both are as the sources say. Plain JavaScript without dependencies, old enough in its syntax for
// an old Node to read it far enough to say that it is old.
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import url from 'node:url';

const ROOT = path.resolve(path.dirname(url.fileURLToPath(import.meta.url)), '..');
// The releases that can require() an ES module, as a notebook's cell does; `engines` in package.json says the same.
const OLDEST = { 20: 19, 22: 12 };
const DIST = path.join(ROOT, 'lib', 'dist');
const PACKAGES_STAMP = path.join(ROOT, 'node_modules', '.small-claims');
const CODE_STAMP = path.join(DIST, '.small-claims');
const LOCK = path.join(ROOT, 'build', 'locks', 'setup');

main().catch((error) => {
  say(explained(error));
  process.exit(1);
});

/** An error of the machine's with what to do about it. */
function explained(error) {
  const place = error.dest || error.path;
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code) && place) {
    return `${place} cannot be written (${error.code}): copy the checkout to a folder of your own and run it there.`;
  }
  if (['ENOSPC', 'EDQUOT'].includes(error.code)) {
    return `no space is left on the disk${place ? ` for ${place}` : ''} (${error.code}): make room there, and run it again.`;
  }
  return error.message;
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const oldestMinor = major > 22 ? 0 : major in OLDEST ? OLDEST[major] : Infinity;
  if (minor < oldestMinor) {
    throw new Error(
      `Node 20.19, or 22.12 or newer, is needed; this is ${process.versions.node}. See https://nodejs.org`,
    );
  }
  if (isReady()) return;
  if (process.argv.includes('--dry-run')) {
    throw new Error(
      'packages or lib would be set up first; what runs after that can only be told then (make setup).',
    );
  }
  const unlock = await lock();
  try {
    // Another make may have done the work while this one waited.
    if (read(PACKAGES_STAMP) !== packagesHash()) await installPackages();
    if (!isCompiled()) await compile();
  } finally {
    unlock();
  }
}

function isReady() {
  return read(PACKAGES_STAMP) === packagesHash() && isCompiled();
}

/**
 * Whether lib/dist was made from the sources there are, and is whole. Its content is read only where sizes or times differ
 * from those noted, as they do where a checkout was copied.
 */
function isCompiled() {
  const [code, sizes, content] = stampLines();
  if (code !== codeHash()) return false;
  if (sizes === sizesHash(DIST)) return true;
  if (content !== contentHash(DIST)) return false;
  fs.writeFileSync(CODE_STAMP, [code, sizesHash(DIST), content].join('\n'));
  return true;
}

function stampLines() {
  return (read(CODE_STAMP) || '').split('\n');
}

function sizesHash(folder) {
  const stats = compiledFiles(folder).map((file) => [file, fs.statSync(path.join(folder, file))]);
  return hash(stats.map(([file, { size, mtimeMs }]) => `${file} ${size} ${mtimeMs}`));
}

function contentHash(folder) {
  return hash(compiledFiles(folder).map((file) => `${file}\n${read(path.join(folder, file))}`));
}

/** What Node and the checks of cells read of a compiled lib. */
function compiledFiles(folder, below = '') {
  const place = path.join(folder, below);
  if (!fs.existsSync(place)) return [];
  return fs
    .readdirSync(place, { withFileTypes: true })
    .reduce((found, entry) => {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return found.concat(compiledFiles(folder, name));
      return found.concat(/\.(js|d\.ts)$/.test(name) ? [name] : []);
    }, [])
    .sort();
}

function packagesHash() {
  const lockFile = read(path.join(ROOT, 'package-lock.json'));
  if (lockFile === undefined) throw new Error('package-lock.json is missing: restore it with git.');
  return hash([`${process.platform} ${process.arch}`, lockFile]);
}

async function installPackages() {
  if (isInstalled()) return fs.writeFileSync(PACKAGES_STAMP, packagesHash());
  fs.rmSync(PACKAGES_STAMP, { force: true });
  await run('installing packages (once, about a minute)', 'npm', ['ci', '--loglevel=error', '--no-progress']);
  fs.writeFileSync(PACKAGES_STAMP, packagesHash());
}

/** Whether npm itself has installed what the lock file says: it writes what it has put there as its last act. */
function isInstalled() {
  const [wanted, found] = ['package-lock.json', path.join('node_modules', '.package-lock.json')].map(
    (file) => {
      const text = read(path.join(ROOT, file));
      return text === undefined ? {} : JSON.parse(text).packages;
    },
  );
  return Object.keys(wanted).every((name) => {
    if (!name.startsWith('node_modules/') || wanted[name].optional || wanted[name].link) return true;
    return found[name] !== undefined && found[name].version === wanted[name].version;
  });
}

function codeHash() {
  const files = ['tsconfig.json', 'lib/tsconfig.json', 'lib/package.json', ...sources('lib/src')];
  return hash([packagesHash(), ...files.map((file) => `${file}\n${read(path.join(ROOT, file))}`)]);
}

function sources(folder) {
  return fs
    .readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .reduce((found, entry) => {
      const name = `${folder}/${entry.name}`;
      return found.concat(entry.isDirectory() ? sources(name) : name.endsWith('.ts') ? [name] : []);
    }, []);
}

/**
 * Compiles beside lib/dist and then changes the two, so that neither a failure nor a kill leaves half a lib.
 * It starts from what is there, for TypeScript to compile only what has changed.
 */
async function compile() {
  const next = path.join(ROOT, 'lib', '.dist.new');
  const previous = path.join(ROOT, 'lib', '.dist.old');
  for (const left of [next, previous]) fs.rmSync(left, { recursive: true, force: true });
  const stamp = codeHash();
  // Of the same sources, it was damaged, and is no beginning: TypeScript would take it for made.
  if (fs.existsSync(DIST) && stampLines()[0] !== stamp) {
    fs.cpSync(DIST, next, { recursive: true });
    fs.rmSync(path.join(next, '.small-claims'), { force: true });
    removeOrphans(next, path.join(ROOT, 'lib', 'src'));
  }
  const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const to = ['--outDir', next, '--tsBuildInfoFile', path.join(next, '.tsbuildinfo')];
  await run('compiling lib', process.execPath, [
    tsc,
    '-p',
    path.join(ROOT, 'lib'),
    '--pretty',
    String(Boolean(process.stderr.isTTY)),
    ...to,
  ]);
  fs.writeFileSync(path.join(next, '.small-claims'), [stamp, sizesHash(next), contentHash(next)].join('\n'));
  if (fs.existsSync(DIST)) fs.renameSync(DIST, previous);
  fs.renameSync(next, DIST);
  fs.rmSync(previous, { recursive: true, force: true });
}

/** Removes the compiled files whose source is gone. */
function removeOrphans(compiled, source) {
  for (const entry of fs.readdirSync(compiled, { withFileTypes: true })) {
    const file = path.join(compiled, entry.name);
    if (entry.isDirectory()) {
      removeOrphans(file, path.join(source, entry.name));
      if (fs.readdirSync(file).length === 0) fs.rmdirSync(file);
    } else {
      const stem = entry.name.replace(/(\.d\.ts|\.js)(\.map)?$/, '');
      const orphan = stem !== entry.name && !fs.existsSync(path.join(source, `${stem}.ts`));
      if (orphan) fs.rmSync(file);
    }
  }
}

/** Runs a program, saying so, and for how long in a terminal. Its own words are passed on. */
function run(what, program, args) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  say(`${what} ...`);
  const tick = process.stderr.isTTY && setInterval(() => process.stderr.write(`\r${seconds()} s `), 1000);
  return new Promise((resolve, reject) => {
    const child = childProcess.spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      // Also what it prints goes to stderr: stdout is for what a target was asked for.
      stream.on('data', (text) => process.stderr.write(text));
    }
    child.on('error', (error) =>
      reject(
        new Error(
          error.code === 'ENOENT' ? `${program} is not installed; it comes with Node.` : error.message,
        ),
      ),
    );
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${what}: failed (${program} ${args[0]}, exit code ${code})`)),
    );
  }).finally(() => {
    clearInterval(tick);
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  });
}

/** Waits for its turn; a lock whose process is gone (on this machine) is taken over. */
async function lock() {
  fs.mkdirSync(path.dirname(LOCK), { recursive: true });
  const owner = path.join(LOCK, 'owner');
  for (let told = false; ; ) {
    try {
      fs.mkdirSync(LOCK);
      fs.writeFileSync(owner, `${process.pid} ${os.hostname()}`);
      return () => fs.rmSync(LOCK, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = read(owner);
    if (isGone(holder)) {
      // Renamed first: of two that see the same dead lock only one succeeds, and neither removes a new one.
      const dead = `${LOCK}.${process.pid}`;
      try {
        fs.renameSync(LOCK, dead);
        fs.rmSync(dead, { recursive: true, force: true });
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
    } else {
      // Who it is will be written there in a moment.
      if (holder && !told) {
        told = true;
        say(
          `waiting for another make that is setting up (process ${holder.split(' ')[0]}, lock ${path.relative(ROOT, LOCK)}) ...`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, holder ? 200 : 20));
    }
  }
}

function isGone(holder) {
  const { mtimeMs } = fs.statSync(LOCK, { throwIfNoEntry: false }) || { mtimeMs: Date.now() };
  // One that is dated in the future was made when the clock was set otherwise.
  const age = Math.abs(Date.now() - mtimeMs);
  // No owner yet: its process is writing it this moment, or was killed just then.
  if (!holder) return age > 5000;
  const [pid, host] = holder.split(' ');
  // Of another machine or container nothing is known but the time: no set-up takes half an hour.
  if (host !== os.hostname()) return age > 1800000;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function hash(parts) {
  const digest = crypto.createHash('sha256');
  for (const part of parts) digest.update(`${part.length}\n${part}\n`);
  return digest.digest('hex');
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}
