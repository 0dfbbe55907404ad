import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figureLine, timedMs, type Bench } from './lib.ts';

const NOT_BENCHES = ['lib', 'run'];

/** `tsx bench/run.ts NAME [ARG…]`: runs one bench and prints its figures; without a name, lists them. */
async function main(argv: readonly string[]): Promise<void> {
  const [name, ...args] = argv;
  const known = benchNames();
  if (name === undefined || !known.includes(name)) {
    process.stderr.write(`Which bench? ${known.join(', ')}\n`);
    process.exitCode = name === undefined ? 0 : 2;
    return;
  }
  const { default: bench } = (await import(`./${name}.ts`)) as { readonly default: Bench };
  process.stderr.write(`${name}: ${bench.says}\n`);
  const tookMs = await timedMs(async () => {
    for (const figure of await bench.run({ args, say: (text) => process.stderr.write(`  ${text}\n`) })) {
      process.stdout.write(`${figureLine(figure)}\n`);
    }
  });
  process.stderr.write(`${name}: took ${(tookMs / 1000).toFixed(1)} s\n`);
}

function benchNames(): readonly string[] {
  return readdirSync(dirname(fileURLToPath(import.meta.url)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .filter((name) => !NOT_BENCHES.includes(name))
    .sort();
}

await main(process.argv.slice(2));
