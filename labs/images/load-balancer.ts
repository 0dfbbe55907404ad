import type { Paths, Reporter, Runner } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';
import type { Architecture } from './architecture.ts';
import { withBuildLock } from './build/build-lock.ts';
import { folderFingerprint } from './build/fingerprint.ts';
import { sendImages } from './build/image-archive.ts';
import { filesLayerStage } from './build/files-layer.ts';
import { readLayer } from './build/layer.ts';
import { recipeFolder } from './build/recipe.ts';
import { requireBuildable } from './build/requirements.ts';
import { rootLayerStage } from './build/root-stage.ts';
import { buildStage, stageFolder } from './build/stage.ts';
import { inspectImage } from './engine-images.ts';
import { LABEL } from './labels.ts';

/** The name under which kind 0.30 starts a load balancer (pkg/cluster/internal/loadbalancer/const.go). */
const NAME_IN_KIND = 'kindest/haproxy:v20230606-42a2262b';

/**
 * The load balancer before several control planes, under the name that kind 0.30 asks for: as it is in the engine, else
 * Debian's haproxy. Answers the image's reference.
 */
export async function obtainLoadBalancerImage(request: {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
  readonly arch: Architecture;
}): Promise<string> {
  const { arch, runner, paths } = request;
  const image = await inspectImage(NAME_IN_KIND, runner);
  const recipe = folderFingerprint(recipeFolder('load-balancer'));
  // One without our label is kind's own, which is as good.
  const isUsable = image?.arch === arch && [undefined, recipe].includes(image.labels[LABEL.recipe]);
  if (isUsable) return NAME_IN_KIND;
  const root = rootLayerStage({ name: 'load-balancer', title: 'Make the root file system of the load balancer', arch });
  const files = filesLayerStage('load-balancer', 'Pack the configuration of the load balancer');
  await requireBuildable('the load balancer image', [root, files], request);
  await withBuildLock(request, async () => {
    for (const stage of [root, files]) await buildStage(stage, request);
    const layers = [
      await readLayer(stageFolder(root, paths), 'root'),
      await readLayer(stageFolder(files, paths), 'files'),
    ];
    const labels = { [LABEL.kind]: 'load-balancer', [LABEL.recipe]: recipe };
    await sendImages(
      [{ reference: NAME_IN_KIND, arch, layers, entrypoint: ENTRYPOINT, labels }],
      [ENGINE, 'load'],
      request,
    );
  });
  return NAME_IN_KIND;
}

const CONFIGURATION = '/usr/local/etc/haproxy';
const ENTRYPOINT = [
  ...['/usr/sbin/haproxy', '-W', '-db'],
  ...['-f', `${CONFIGURATION}/limits.cfg`, '-f', `${CONFIGURATION}/haproxy.cfg`],
];
