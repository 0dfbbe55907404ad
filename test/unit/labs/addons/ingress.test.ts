import type { AddonContext } from '../../../../core/index.ts';
import { ingressManifests } from '../../../../labs/addons/ingress/manifests.ts';

const CONTEXT: AddonContext = {
  labName: 'lab',
  nodeNames: ['lab-control-plane', 'lab-worker', 'lab-worker2'],
  topology: { controlPlanes: 1, workers: 2 },
  toolboxImage: 'toolbox:1',
  traefikImage: 'traefik:1',
  apiServer: { host: 'lab-control-plane', port: 6443 },
};

function deployment(context: AddonContext): unknown {
  return ingressManifests(context).find(({ kind }) => kind === 'Deployment');
}

describe('the front door', () => {
  test.each([
    ['the first worker', CONTEXT, 'lab-worker'],
    [
      'the only node',
      { ...CONTEXT, nodeNames: ['lab-control-plane'], topology: { controlPlanes: 1, workers: 0 } },
      'lab-control-plane',
    ],
  ])('is on %s, where its ports are published', (_where, context, node) => {
    expect(deployment(context)).toMatchObject({
      spec: {
        template: {
          spec: {
            nodeSelector: { 'kubernetes.io/hostname': node },
            containers: [{ image: 'traefik:1', ports: [{ hostPort: 80 }, { hostPort: 443 }] }],
          },
        },
      },
    });
  });

  test('needs no root and no capability', () => {
    expect(deployment(CONTEXT)).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { runAsNonRoot: true },
            containers: [{ securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } }],
          },
        },
      },
    });
  });

  test('is refused without an image for it', () => {
    const { labName, nodeNames, topology, toolboxImage, apiServer } = CONTEXT;
    expect(() => ingressManifests({ labName, nodeNames, topology, toolboxImage, apiServer })).toThrow(
      'the lab has no Traefik image',
    );
  });
});
