import { readFile } from 'node:fs/promises';
import type { OutputOf } from '../../config/outputs-schema.ts';
import { post } from '../post.ts';
import { renderAlert } from '../render.ts';
import type { Sink } from '../sink.ts';

/** Posts each alert to a URL. Files with certificates and tokens are read for every alert, so that they can be renewed. */
export function webhookSink(config: OutputOf<'webhook'>): Sink {
  const url = new URL(config.url);
  return {
    deliver: async (alert, signal) => {
      const [ca, cert, key, token] = await Promise.all(
        [config.ca_file, config.cert_file, config.key_file, config.bearer_token_file].map(contentOf),
      );
      await post({
        url,
        body: renderAlert(alert, config.format),
        headers: {
          'content-type': config.format === 'json' ? 'application/json' : 'text/plain; charset=utf-8',
          ...config.headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token.trim()}` }),
        },
        tls: {
          ...(ca === undefined ? {} : { ca }),
          ...(cert === undefined ? {} : { cert }),
          ...(key === undefined ? {} : { key }),
        },
        signal,
      });
    },
    close: () => Promise.resolve(),
  };
}

async function contentOf(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : readFile(file, 'utf8');
}
