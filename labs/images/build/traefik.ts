import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../architecture.ts';
import { COMPONENTS } from '../versions.ts';
import { fingerprint } from './fingerprint.ts';
import { goStage } from './go-stage.ts';
import { readLayer, writeLayer } from './layer.ts';
import { stageFolder, stageKey, type Stage } from './stage.ts';
import type { ImagePlan } from './toolbox.ts';

/** Traefik from its Go module, without its DNS vendors: an image of one static program. */
export function traefikPlan(arch: Architecture): ImagePlan {
  const layer = layerStage(programStage(arch), arch);
  const reference = `kubedrill/traefik:v${COMPONENTS.traefik}-${fingerprint(stageKey(layer))}`;
  return {
    reference,
    stages: [layer],
    spec: async (paths) => ({
      ...{ reference: `docker.io/${reference}`, arch, entrypoint: ['/usr/local/bin/traefik'] },
      layers: [await readLayer(stageFolder(layer, paths), 'traefik')],
    }),
  };
}

function programStage(arch: Architecture): Stage {
  const version = COMPONENTS.traefik;
  return goStage({
    ...{ name: 'traefik', version, title: `Traefik ${version}`, arch, diskBytes: 2e9 },
    stamps: { 'github.com/traefik/traefik/v3/pkg/version.Version': version },
    copies: [
      {
        module: 'github.com/go-acme/lego/v5',
        version: '5.4.1',
        sum: 'h1:Jt6xAP9xQrJ3SLLGgxejfDDd3pzdrmuLCWe4oTqHHQc=',
        folder: 'lego',
        without: ['providers', 'cmd', 'e2e', 'docs', 'main.go', 'internal/generators', 'go.sum'],
      },
    ],
    programs: [{ file: 'traefik', versionArgs: ['version'], says: version }],
  });
}

function layerStage(program: Stage, arch: Architecture): Stage {
  return {
    name: `traefik-layer-${arch}`,
    title: 'Pack Traefik',
    inputs: {},
    needs: [program],
    tools: ['tar'],
    diskBytes: 300e6,
    make: async (work) => {
      const root = join(work.folder, 'root');
      await mkdir(join(root, 'usr/local/bin'), { recursive: true });
      await link(join(work.resultOf(program), 'traefik'), join(root, 'usr/local/bin/traefik'));
      await writeLayer({ root, owners: 'root' }, work.folder, 'traefik', work.runner);
      await rm(root, { recursive: true });
    },
  };
}
