import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** An image registry on loopback that serves one image of one empty layer (OCI distribution specification, pull only). */
export interface TinyRegistry {
  /** `localhost:<port>/<name>@sha256:…`, as `docker pull` takes it. */
  readonly reference: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function tinyRegistry(
  options: { readonly name?: string; readonly behaviour?: 'serve' | 'silent' | 'empty'; readonly arch?: string } = {},
): Promise<TinyRegistry> {
  const { name = 'kubedrill-test/pulled', behaviour = 'serve', arch = 'amd64' } = options;
  const blobs = imageBlobs(arch);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    // A registry that accepts the connection and never says a word.
    if (behaviour === 'silent') return;
    const digest = /@?(sha256:[0-9a-f]{64})/.exec(path)?.[1];
    const blob = digest === undefined ? undefined : blobs.byDigest.get(digest);
    if (path === '/v2/') answer(response, 200, 'application/json', Buffer.from('{}'), request.method);
    else if (behaviour === 'empty' || blob === undefined)
      answer(response, 404, 'application/json', NOT_FOUND, request.method);
    else answer(response, 200, blob.type, blob.bytes, request.method, digest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { reference: `localhost:${String(port)}/${name}@${blobs.manifestDigest}`, asked, close: () => close(server) };
}

const NOT_FOUND = Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');

interface Blob {
  readonly type: string;
  readonly bytes: Buffer;
}

function imageBlobs(arch: string): { readonly byDigest: ReadonlyMap<string, Blob>; readonly manifestDigest: string } {
  // Two empty records end a tar archive.
  const tar = Buffer.alloc(1024);
  const layer: Blob = { type: 'application/vnd.oci.image.layer.v1.tar+gzip', bytes: gzipSync(tar) };
  const config: Blob = {
    type: 'application/vnd.oci.image.config.v1+json',
    bytes: Buffer.from(
      JSON.stringify({
        architecture: arch,
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
      }),
    ),
  };
  const describe = ({ type, bytes }: Blob) => ({ mediaType: type, size: bytes.length, digest: digestOf(bytes) });
  const manifest: Blob = {
    type: 'application/vnd.oci.image.manifest.v1+json',
    bytes: Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: describe(config),
        layers: [describe(layer)],
      }),
    ),
  };
  const byDigest = new Map([layer, config, manifest].map((blob) => [digestOf(blob.bytes), blob]));
  return { byDigest, manifestDigest: digestOf(manifest.bytes) };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
  method: string | undefined,
  digest?: string,
): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': String(body.length),
    'Docker-Distribution-Api-Version': 'registry/2.0',
    ...(digest === undefined ? {} : { 'Docker-Content-Digest': digest }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
