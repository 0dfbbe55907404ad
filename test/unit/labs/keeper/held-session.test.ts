import { HeldSession } from '../../../../labs/keeper/held-session.ts';

function wired(hangUp?: (session: HeldSession) => void) {
  const session = new HeldSession('s1', 'shell');
  const sent: string[] = [];
  let closings = 0;
  session.connected({
    send: (text) => sent.push(text),
    ...(hangUp ? { hangUp: () => hangUp(session) } : {}),
    close: () => {
      closings += 1;
    },
  });
  return { session, sent, closings: () => closings };
}

describe('a held session', () => {
  test('is open from the first thing it says', () => {
    const { session } = wired();
    expect(session.view().state).toBe('connecting');
    session.said('$ ');
    expect(session.view()).toMatchObject({ state: 'open', output: '$ ' });
  });

  test('takes typed text only while it is open', () => {
    const { session, sent } = wired();
    expect(() => session.type('id\n')).toThrow('the session s1 is connecting');
    session.opened();
    session.type('id\n');
    session.closed('gone');
    expect(() => session.type('id\n')).toThrow('the session s1 is closed');
    expect(sent).toEqual(['id\n']);
  });

  test('keeps the first reason for its end, and does not open again', () => {
    const { session } = wired();
    session.closed('HTTP 403: forbidden');
    session.closed('the connection was closed (1006)');
    session.opened();
    expect(session.view()).toMatchObject({ state: 'closed', why: 'HTTP 403: forbidden' });
  });

  test('keeps the end of a long output', () => {
    const { session } = wired();
    session.said('a'.repeat(70_000));
    session.said('the end');
    const { output } = session.view();
    expect(output).toHaveLength(65_536);
    expect(output.endsWith('athe end')).toBe(true);
  });

  test('hangs up when it is ended', async () => {
    const { session, closings } = wired();
    session.opened();
    await session.end(0);
    expect([session.view().state, closings()]).toEqual(['closed', 1]);
  });

  test('waits for the far end to go, and says who ended it', async () => {
    const { session } = wired((asked) => setImmediate(() => asked.closed('the command ended')));
    session.opened();
    await session.end(60_000);
    expect(session.view()).toMatchObject({ state: 'closed', why: 'ended by the keeper' });
  });

  test('is closed all the same when the far end stays', async () => {
    const { session, closings } = wired(() => undefined);
    session.opened();
    await session.end(1);
    expect([session.view().state, closings()]).toEqual(['closed', 1]);
  });

  test('tells whoever waits when it is open or refused', async () => {
    const { session } = wired();
    const settled = session.settled();
    session.closed('refused');
    await expect(settled).resolves.toBeUndefined();
  });
});
