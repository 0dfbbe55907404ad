import {
  AccountsAssembly,
  decodeAccountsPart,
  encodeAccountsPart,
  encodeReadAccounts,
  type AccountsPart,
} from '../../../../detector/source/accounts-frames.ts';
import { FrameKind } from '../../../../detector/source/frames.ts';
import { decodeMessage } from '../../../../detector/source/messages.ts';

const A = 'ab'.repeat(32);
const B = '0f'.repeat(32);

const part = (file: AccountsPart['file'], text: string, more: Partial<AccountsPart> = {}): AccountsPart => {
  return { containerId: A, file, isLast: true, content: Buffer.from(text), ...more };
};

describe('accounts on the way from the sensor', () => {
  test('are asked for by the container’s id, as bytes', () => {
    const frame = encodeReadAccounts(A);
    expect(frame[5]).toBe(FrameKind.readAccounts);
    expect(frame.subarray(8).toString('hex')).toBe(A);
  });

  test('come as pieces of a file', () => {
    const sent = part('group', 'ann:x:1000:', { isLast: false });
    expect(decodeAccountsPart(encodeAccountsPart(sent))).toEqual(sent);
    expect(decodeMessage({ kind: FrameKind.accounts, payload: encodeAccountsPart(sent) })).toEqual({
      kind: 'accounts',
      part: sent,
    });
  });

  test('that are cut short or of another file are malformed', () => {
    const whole = encodeAccountsPart(part('passwd', ''));
    const ofAnother = Buffer.from(whole);
    ofAnother.writeUInt32LE(3, 32);
    for (const payload of [whole.subarray(0, 39), ofAnother, Buffer.alloc(0)]) {
      expect(decodeMessage({ kind: FrameKind.accounts, payload })).toEqual({ kind: 'malformed' });
    }
  });

  test('are put together, also where a piece ends within a letter', () => {
    const assembly = new AccountsAssembly();
    const bytes = Buffer.from('jürgen:x:1000:1000');
    expect(assembly.push(part('passwd', '', { content: bytes.subarray(0, 2), isLast: false }))).toBeUndefined();
    expect(assembly.push(part('passwd', '', { content: bytes.subarray(2) }))).toBeUndefined();
    expect(assembly.push(part('group', 'wheel:x:0:'))).toEqual({
      containerId: A,
      passwd: 'jürgen:x:1000:1000',
      group: 'wheel:x:0:',
    });
  });

  test('of one container do not get into another’s, and are bounded', () => {
    const assembly = new AccountsAssembly();
    assembly.push(part('passwd', 'of a', { isLast: false }));
    for (let n = 0; n < 100; n++) {
      assembly.push(part('passwd', '', { containerId: B, content: Buffer.alloc(8_192, 'b'), isLast: false }));
    }
    const files = assembly.push(part('group', '', { containerId: B }));
    expect(files?.passwd).toMatch(/^b+$/);
    expect(files?.passwd.length).toBeLessThanOrEqual(256 * 1024);
  });
});
