// What every script needs before kubedrill's own code can run: a Node that fits, the dependencies, the build.
// No dependencies here: on a fresh machine there are none yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const OLDEST_NODE = [20, 19];
const ROOMS = ['core', 'network', 'detector', 'labs', 'scenarios', 'cli', 'bench'];

/** Makes `dist/` current; returns without doing anything where it is. Ends the process with exit code 4 or 1 on failure. */
export function prepare() {
  checkNode();
  installDependencies();
  build();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    4,
    'this Node is too old',
    `found ${process.versions.node}, needed ${OLDEST_NODE.join('.')} or newer`,
    'install a current Node LTS',
  );
}

/** `npm ci`, unless node_modules was made from this very lock file. */
function installDependencies() {
  const stamp = join(root, 'node_modules', '.kubedrill-lock');
  const lock = hashOf([join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the dependencies (npm ci)');
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], 'check the network, then: npm ci');
  writeFileSync(stamp, lock);
}

/** tsc, unless dist/ was made from these very sources. */
export function build() {
  const stamp = join(root, 'dist', '.kubedrill-sources');
  const sources = hashOf([
    join(root, 'tsconfig.json'),
    join(root, 'tsconfig.build.json'),
    ...ROOMS.flatMap((room) => typescriptBelow(join(root, room))),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say('building kubedrill (tsc)');
  run(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
    'npm run types',
  );
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

function typescriptBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => file.endsWith('.ts') && statSync(file).isFile())
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function run(file, args, hint) {
  const result = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status === 0) return;
  fail(
    1,
    `${file} ${args[0] ?? ''} failed`,
    result.error ? result.error.message : `it exited with ${String(result.status)}`,
    hint,
  );
}

/** Talk goes to stderr: stdout is for results. */
export function say(text) {
  process.stderr.write(`• ${text}\n`);
}

function fail(exitCode, what, why, hint) {
  process.stderr.write(`${what}\n${why}\nTry: ${hint}\n`);
  process.exit(exitCode);
}
