import { aptPlan, asCommands, type AptFacts } from '../../../../labs/engine/apt-plan.ts';
import { parseOsRelease } from '../../../../labs/engine/os-release.ts';

const BOOKWORM = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n`;
const TRIXIE = `PRETTY_NAME='Debian GNU/Linux 13 (trixie)'\nID=debian\nVERSION_CODENAME=trixie\n`;
const UBUNTU = `PRETTY_NAME="Ubuntu 24.04.2 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n`;
const MINT = `PRETTY_NAME="Linux Mint 22"\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\n`;
const FEDORA = `PRETTY_NAME="Fedora Linux 42"\nID=fedora\nVERSION_CODENAME=""\n`;

const MIRROR = {
  path: '/etc/apt/sources.list.d/debian.sources',
  text: 'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /usr/share/keyrings/k.gpg\n',
};

function facts(osRelease: string, more: Partial<AptFacts> = {}): AptFacts {
  return { os: parseOsRelease(osRelease), isRoot: true, hasApt: true, aptFiles: [MIRROR], ...more };
}

describe('the install plan', () => {
  test("takes trixie's packages on bookworm, from the machine's own mirror, at low priority", () => {
    expect(aptPlan(['docker.io'], facts(BOOKWORM))).toEqual({
      kind: 'apt',
      files: [
        {
          path: '/etc/apt/sources.list.d/kubedrill-trixie.sources',
          text: 'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /usr/share/keyrings/k.gpg\n',
        },
        {
          path: '/etc/apt/preferences.d/kubedrill-trixie',
          text: 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n',
        },
      ],
      commands: [
        ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'update'],
        [
          'apt-get',
          '-o',
          'DPkg::Lock::Timeout=300',
          'install',
          '-y',
          '--no-install-recommends',
          '-t',
          'trixie',
          'docker.io',
        ],
      ],
    });
  });

  test('goes on taking trixie where the source is there already and the system calls itself trixie since', () => {
    const source = { path: '/etc/apt/sources.list.d/kubedrill-trixie.sources', text: 'Types: deb\n' };
    const plan = aptPlan(['docker.io'], facts(TRIXIE, { aptFiles: [MIRROR, source] }));
    expect(plan).toMatchObject({ kind: 'apt', files: [] });
    expect(asCommands(plan).at(-1)).toContain('-t trixie docker.io');
  });

  test.each([
    ['trixie', TRIXIE],
    ['Ubuntu', UBUNTU],
    ['a derivative of Ubuntu', MINT],
  ])("takes the system's own packages on %s", (_name, osRelease) => {
    const plan = aptPlan(['docker.io'], facts(osRelease));
    expect(plan).toMatchObject({ kind: 'apt', files: [] });
    expect(asCommands(plan).join('\n')).not.toContain('trixie');
  });

  test.each([
    ['Fedora', facts(FEDORA, { hasApt: false }), 'Fedora Linux 42'],
    ['a Debian without apt', facts(TRIXIE, { hasApt: false }), 'trixie'],
  ])('is for a person on %s', (_name, apt, named) => {
    expect(aptPlan(['docker.io'], apt)).toMatchObject({
      kind: 'manual',
      why: expect.stringContaining(named),
      commands: [expect.stringContaining('docker.io')],
    });
  });

  test('is the same commands with sudo for somebody who is not root', () => {
    const plan = aptPlan(['docker.io', 'iptables'], facts(BOOKWORM, { isRoot: false }));
    expect(plan.kind).toBe('manual');
    const commands = asCommands(plan);
    expect(commands).toHaveLength(4);
    expect(commands.every((line) => line.startsWith('sudo '))).toBe(true);
    expect(commands[0]).toContain('URIs: http://mirror.example/debian');
    expect(commands[3]).toBe(
      'sudo apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends -t trixie docker.io iptables',
    );
  });
});
