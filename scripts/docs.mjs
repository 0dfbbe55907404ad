// `npm run docs`: writes the reference pages that are made from the code. Contract tests fail when they are behind.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './lib/prepare.mjs';

prepare();
const { commandReference } = await import('../dist/cli/render/reference.js');
const { fieldReference } = await import('../dist/cli/render/field-reference.js');
writeFileSync(join(root, 'docs', 'commands.md'), await commandReference());
writeFileSync(join(root, 'docs', 'detector-fields.md'), fieldReference());
