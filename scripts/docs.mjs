// `npm run docs`: writes the reference pages that are made from the code. A contract test fails when they are behind.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './lib/prepare.mjs';

prepare();
const { commandReference } = await import('../dist/cli/render/reference.js');
writeFileSync(join(root, 'docs', 'commands.md'), await commandReference());
