import { z } from 'zod';
import { API_VERSION, ExitCode } from '../../core/index.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../context.ts';
import { table } from '../render/table.ts';

export const command = defineCommand({
  input: z.object({}),
  async run(_input, context) {
    const { listImages } = await import('../../labs/index.ts');
    const images = await listImages(context.runner);
    printResult(context, { apiVersion: API_VERSION, images }, () =>
      table(
        ['image', 'kind', 'arch', 'size', 'source'],
        images.map(({ reference, kind, arch, sizeBytes, source }) => [
          reference,
          kind,
          arch,
          `${(sizeBytes / 1e6).toFixed(0)} MB`,
          source ?? '',
        ]),
        context.style,
      ),
    );
    return ExitCode.done;
  },
});
