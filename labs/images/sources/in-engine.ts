import { KubedrillError } from '../../../core/index.ts';
import { nodeImagePlan } from '../build/node-image.ts';
import { inspectImage } from '../engine-images.ts';
import { notAvailable, obtained, type NodeImageRequest, type NodeImageSource } from './source.ts';

/** Source 1: an image that the engine has: the user's choice, or one that was built from today's recipe. */
export const inEngine: NodeImageSource = {
  name: 'the container engine',
  obtain: async (request) => {
    if (request.nodeImage !== undefined) return chosen(request.nodeImage, request);
    const { reference } = nodeImagePlan(request.release, request.arch);
    const image = await inspectImage(reference, request.runner);
    return image === undefined ? notAvailable(`it has no ${reference}`) : obtained(reference);
  },
};

/** A choice is binding: no other source is tried in its place. */
async function chosen(reference: string, request: NodeImageRequest): Promise<ReturnType<typeof obtained>> {
  const image = await inspectImage(reference, request.runner);
  if (image === undefined) {
    throw new KubedrillError({
      what: `the node image ${reference} is not there`,
      why: 'the container engine has no image of that name',
      hint: 'kubedrill image list, or docker pull it first',
    });
  }
  if (image.arch !== request.arch) {
    throw new KubedrillError({
      what: `the node image ${reference} is for another machine`,
      why: `it is for ${image.arch}, wanted is ${request.arch}`,
      hint: 'kubedrill image list',
    });
  }
  return obtained(reference);
}
