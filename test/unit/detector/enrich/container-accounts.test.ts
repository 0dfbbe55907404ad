import { ContainerAccounts, NOT_YET } from '../../../../detector/enrich/container-accounts.ts';
import { fakeClock } from '../../../support/clock.ts';

const PASSWD = 'root:x:0:0\nann:x:1000:1000\n';

function stage(canAsk = () => true) {
  const clock = fakeClock(1_000);
  const asked: string[] = [];
  const accounts = new ContainerAccounts({
    clock,
    ask: (containerId) => {
      if (canAsk()) asked.push(containerId);
      return canAsk();
    },
  });
  const answer = (containerId: string, passwd: string, group = ''): void => {
    accounts.accept({ containerId, passwd, group });
  };
  return { clock, asked, accounts, answer };
}

describe('the accounts of containers', () => {
  test('are each container’s own, users and groups', () => {
    const { accounts, answer } = stage();
    answer('a', PASSWD, 'wheel:x:1000:ann\n');
    answer('b', 'bob:x:1000:1000\n');
    expect(accounts.name('a', 'users', 1000)).toBe('ann');
    expect(accounts.name('a', 'groups', 1000)).toBe('wheel');
    expect(accounts.name('b', 'users', 1000)).toBe('bob');
    expect(accounts.name('b', 'groups', 1000)).toBeUndefined();
  });

  test('are asked for when first they are wanted, and not again before there is an answer', () => {
    const { clock, asked, accounts } = stage();
    expect(accounts.name('a', 'users', 1000)).toBe(NOT_YET);
    clock.advance(1_000);
    expect(accounts.name('a', 'groups', 1000)).toBe(NOT_YET);
    expect(asked).toEqual(['a']);
    clock.advance(1_000);
    accounts.name('a', 'users', 1000);
    expect(asked).toEqual(['a', 'a']);
  });

  test('that a container has changed are found: a new one after some seconds, another name after a minute', () => {
    const { clock, asked, accounts, answer } = stage();
    answer('a', PASSWD);
    clock.advance(4_999);
    expect(accounts.name('a', 'users', 2000)).toBeUndefined();
    clock.advance(1);
    expect(accounts.name('a', 'users', 2000)).toBe(NOT_YET);
    answer('a', `${PASSWD}new:x:2000:2000\n`);
    expect(accounts.name('a', 'users', 2000)).toBe('new');
    clock.advance(60_000);
    expect(accounts.name('a', 'users', 1000)).toBe('ann');
    expect(asked).toEqual(['a', 'a']);
    answer('a', 'anna:x:1000:1000\n');
    expect(accounts.name('a', 'users', 1000)).toBe('anna');
  });

  test('are asked for a few containers at a time; the others’ turn comes with the answers', () => {
    const { asked, accounts, answer } = stage();
    const lookAtAll = (): void => {
      for (let n = 0; n < 12; n++) accounts.name(`c${String(n)}`, 'users', 1);
    };
    lookAtAll();
    expect(asked).toHaveLength(8);
    lookAtAll();
    expect(asked).toHaveLength(8);
    for (const containerId of asked.slice()) answer(containerId, PASSWD);
    lookAtAll();
    expect(new Set(asked).size).toBe(12);
  });

  test('are asked for as soon as there is somebody to ask', () => {
    let isThere = false;
    const { asked, accounts } = stage(() => isThere);
    expect(accounts.name('a', 'users', 1)).toBe(NOT_YET);
    isThere = true;
    accounts.name('a', 'users', 1);
    expect(asked).toEqual(['a']);
    accounts.forgetQuestions();
    accounts.name('a', 'users', 1);
    expect(asked).toEqual(['a', 'a']);
  });

  test('do not fill the memory, whatever containers write: the least used are forgotten', () => {
    const { accounts, answer } = stage();
    const many = Array.from({ length: 10_000 }, (_, n) => `u${String(n)}:x:${String(n)}:0`).join('\n');
    for (let n = 0; n < 50; n++) {
      answer(`c${String(n)}`, many, many);
      accounts.name('c0', 'users', 5);
    }
    expect(accounts.known('c49')?.users.size).toBe(1_000);
    const kept = Array.from({ length: 50 }, (_, n) => accounts.known(`c${String(n)}`)).filter(
      (one) => one !== undefined,
    );
    expect(kept).toHaveLength(9);
    expect(accounts.known('c0')?.users.get(5)).toBe('u5');
  });
});
