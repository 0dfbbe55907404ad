import { prettyCommand, type Command } from '../../core/index.ts';
import { pinFor, sourceForSuite, type AptFile } from './apt-sources.ts';
import type { OsRelease } from './os-release.ts';

/** What apt can be asked on this machine. */
export interface AptFacts {
  readonly os: OsRelease;
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  readonly aptFiles: readonly AptFile[];
}

export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

/** How packages get onto this machine; `manual` carries what a person can do instead. */
export type InstallPlan =
  | { readonly kind: 'apt'; readonly files: readonly PlannedFile[]; readonly commands: readonly Command[] }
  | { readonly kind: 'manual'; readonly why: string; readonly commands: readonly string[] };

const SOURCE_FILE = '/etc/apt/sources.list.d/kubedrill-trixie.sources';
const PIN_FILE = '/etc/apt/preferences.d/kubedrill-trixie';
/** Releases whose own packages are too old: bookworm's docker.io 20.10 cannot start privileged containers without CAP_SYS_RESOURCE. */
const OLD_SUITES = ['bookworm', 'bullseye'];
const NEW_SUITE = 'trixie';
const LOCK_WAIT = ['-o', 'DPkg::Lock::Timeout=300'];

/** The files and commands that install the packages, from trixie on an older Debian, else from the system's own archive. */
export function aptPlan(packages: readonly string[], facts: AptFacts): InstallPlan {
  const isDebian = facts.os.id === 'debian' || facts.os.like.includes('debian') || facts.os.like.includes('ubuntu');
  if (!facts.hasApt || !isDebian) {
    const why = `kubedrill does not know how to install packages on ${facts.os.prettyName}`;
    return { kind: 'manual', why, commands: [`# install with your system's package manager: ${packages.join(' ')}`] };
  }
  const plan = plannedFor(packages, facts);
  return facts.isRoot ? plan : byHand(plan);
}

function plannedFor(packages: readonly string[], facts: AptFacts): InstallPlan & { readonly kind: 'apt' } {
  const hasSource = facts.aptFiles.some((file) => file.path === SOURCE_FILE);
  const oldSuite = OLD_SUITES.find((suite) => suite === facts.os.codename);
  // An install from trixie may bring trixie's own os-release with it: the source that was put there tells it from a real trixie.
  if (facts.os.id !== 'debian' || (oldSuite === undefined && !hasSource))
    return { kind: 'apt', files: [], commands: install(packages, []) };
  const source = oldSuite === undefined ? undefined : sourceForSuite(facts.aptFiles, oldSuite, NEW_SUITE);
  const files =
    source === undefined
      ? []
      : [
          { path: SOURCE_FILE, text: source },
          { path: PIN_FILE, text: pinFor(NEW_SUITE) },
        ];
  return { kind: 'apt', files, commands: install(packages, ['-t', NEW_SUITE]) };
}

function install(packages: readonly string[], target: readonly string[]): readonly Command[] {
  return [
    ['apt-get', ...LOCK_WAIT, 'update'],
    ['apt-get', ...LOCK_WAIT, 'install', '-y', '--no-install-recommends', ...target, ...packages],
  ];
}

function byHand(plan: InstallPlan & { readonly kind: 'apt' }): InstallPlan {
  return {
    kind: 'manual',
    why: 'installing packages needs root',
    commands: asCommands(plan).map((line) => `sudo ${line}`),
  };
}

/** The plan as lines that can be pasted into a root shell. */
export function asCommands(plan: InstallPlan): readonly string[] {
  if (plan.kind === 'manual') return plan.commands;
  const writes = plan.files.map(({ path, text }) => `sh -c ${prettyCommand([`printf %s '${text}' > ${path}`])}`);
  return [...writes, ...plan.commands.map(prettyCommand)];
}
