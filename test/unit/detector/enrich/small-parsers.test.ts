import { addressText } from '../../../../detector/enrich/address.ts';
import { parseAccounts } from '../../../../detector/enrich/accounts.ts';
import { parseImageReference } from '../../../../detector/enrich/image-reference.ts';
import { cloneFlagsText, capabilitiesText, openFlagsText } from '../../../../detector/enrich/syscall-names.ts';
import { resultText } from '../../../../detector/enrich/errno.ts';

describe('parseImageReference', () => {
  test.each([
    ['docker.io/library/nginx:1.27', { repository: 'docker.io/library/nginx', tag: '1.27' }],
    ['registry:5000/team/app', { repository: 'registry:5000/team/app' }],
    ['registry:5000/team/app:v1@sha256:abc', { repository: 'registry:5000/team/app', tag: 'v1', digest: 'sha256:abc' }],
    ['app@sha256:abc', { repository: 'app', digest: 'sha256:abc' }],
  ])('splits %s', (reference, parts) => {
    expect(parseImageReference(reference)).toEqual(parts);
  });
});

describe('parseAccounts', () => {
  test('keeps the first name of a number and passes over what is no account', () => {
    const names = parseAccounts(
      'root:x:0:0:root:/root:/bin/sh\n# comment\ntoor:x:0:0::/:\nnobody:x:65534:65534::/:\nbad:x:-1:\n\n',
    );
    expect([...names]).toEqual([
      [0, 'root'],
      [65534, 'nobody'],
    ]);
  });
});

describe('addressText', () => {
  test.each([
    ['0a000001', '10.0.0.1'],
    ['00000000000000000000000000000001', '::1'],
    ['00000000000000000000000000000000', '::'],
    ['fc000000000000000000000000000002', 'fc00::2'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8000100020003000400050006', '2001:db8:1:2:3:4:5:6'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['00000000000000000000ffff0a000001', '10.0.0.1'],
  ])('writes %s as %s', (hex, text) => {
    expect(addressText(Buffer.from(hex, 'hex'))).toBe(text);
  });
});

describe('names of flags', () => {
  test.each([
    [0o2000000, false, 'x86-64', 'O_RDONLY|O_CLOEXEC'],
    [0o2001101, true, 'x86-64', 'O_TRUNC|O_CREAT|O_WRONLY|O_CLOEXEC|O_F_CREATED'],
    [0o2000302, true, 'x86-64', 'O_EXCL|O_CREAT|O_RDWR|O_CLOEXEC|O_F_CREATED'],
    [0o2204000, false, 'x86-64', 'O_DIRECTORY|O_NONBLOCK|O_RDONLY|O_CLOEXEC'],
    [0o40000, false, 'arm64', 'O_DIRECTORY|O_RDONLY'],
    [0o40000, false, 'x86-64', 'O_DIRECT|O_RDONLY'],
  ] as const)('renders the flags of an open %s', (flags, isCreated, architecture, text) => {
    expect(openFlagsText(flags, isCreated, architecture)).toBe(text);
  });

  test('renders the flags of clone as Falco orders them', () => {
    expect(cloneFlagsText(0x3d0f00n)).toBe(
      'CLONE_FILES|CLONE_FS|CLONE_PARENT_SETTID|CLONE_SIGHAND|CLONE_SYSVSEM|CLONE_THREAD|CLONE_VM|CLONE_CHILD_CLEARTID|CLONE_SETTLS',
    );
    expect(cloneFlagsText(17n)).toBe('0');
  });

  test('names capabilities in the order of their numbers', () => {
    expect(capabilitiesText((1n << 21n) | 1n)).toBe('CAP_CHOWN CAP_SYS_ADMIN');
  });

  test.each([
    [3, 'SUCCESS'],
    [-2, 'ENOENT'],
    [-11, 'EAGAIN'],
    [-115, 'EINPROGRESS'],
    [-4000, '-4000'],
  ])('names the result %s', (result, name) => {
    expect(resultText(result)).toBe(name);
  });
});
