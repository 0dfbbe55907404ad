import { Chalk } from 'chalk';
import { markdown } from '../../../../cli/render/markdown.ts';

const plain = new Chalk({ level: 0 });

describe('markdown in a terminal', () => {
  test('lays prose out anew for the width, never in the middle of a word', () => {
    const text = 'Last night somebody\nran a script on one of the machines of this cluster.\n\nNobody knows.';
    expect(markdown(text, plain, 30)).toBe(
      'Last night somebody ran a\nscript on one of the machines\nof this cluster.\n\nNobody knows.',
    );
  });

  test('is never wider than can be read', () => {
    const widest = Math.max(
      ...markdown('word '.repeat(200), plain, 400)
        .split('\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(100);
  });

  test('keeps the items of a list apart, with what belongs to an item below its text', () => {
    const text = '1. Find the machine,\n   then say\n   its name.\n2. Repair it.\n\n   And watch.';
    expect(markdown(text, plain, 24)).toBe(
      '1. Find the machine,\n   then say its name.\n2. Repair it.\n\n   And watch.',
    );
  });

  test('leaves code and tables as they are, and fences out, also within a list', () => {
    const text = '1. Say it:\n\n   ```\n   kubedrill answer a=b\n   ```\n| a | b |\n| c | d |\n';
    expect(markdown(text, plain, 20)).toBe('1. Say it:\n\n       kubedrill answer a=b\n| a | b |\n| c | d |\n');
  });

  test('shows headings, bold text and code by style', () => {
    const colours = new Chalk({ level: 1 });
    expect(markdown('## Task\nuse `kubectl` **now**', colours, 80)).toBe(
      `${colours.bold.underline('Task')}\nuse ${colours.cyan('kubectl')} ${colours.bold('now')}`,
    );
  });
});
