import { AnswerMemory } from '../../../../detector/engine/answer-memory.ts';

describe('the memory of answers', () => {
  test('gives for a value that comes again what was noted for it', () => {
    const memory = new AnswerMemory();
    for (const value of ['sh', 7, 7n, true, undefined]) {
      const answers = memory.of(value);
      if (answers === undefined) throw new Error('not remembered');
      answers.asked = 5;
      expect(memory.of(value)).toEqual({ asked: 5, failed: 0 });
    }
    expect(memory.of('bash')).toEqual({ asked: 0, failed: 0 });
  });

  test('does not take lists and long texts', () => {
    const memory = new AnswerMemory();
    expect(memory.of(['sh'])).toBeUndefined();
    expect(memory.of('x'.repeat(1_000))).toBeUndefined();
  });

  test('gives up for a while where every value is new, and then tries again', () => {
    const memory = new AnswerMemory();
    const isRemembered = Array.from({ length: 10_000 }, (_, index) => memory.of(`/tmp/${String(index)}`) !== undefined);
    const first = isRemembered.indexOf(false);
    const again = isRemembered.indexOf(true, first);
    expect(first).toBeGreaterThan(0);
    expect(again - first).toBeGreaterThan(1_000);
    expect(isRemembered.filter(Boolean).length).toBeLessThan(1_000);
  });

  test('goes on where new values come among known ones', () => {
    const memory = new AnswerMemory();
    const remembered = Array.from({ length: 10_000 }, (_, index) =>
      memory.of(index % 3 === 0 ? `/tmp/${String(index)}` : '/etc/passwd'),
    );
    expect(remembered).not.toContain(undefined);
  });
});
