export { architectureFrom, type Architecture } from './architecture.ts';
export { labImagesState, obtainLabImages, toolboxReference, type LabImagesState } from './lab-images.ts';
export type { LabImages, LabImagesRequest } from './lab-plan.ts';
export { loadBundle, saveBundle, type BundleManifest, type SaveBundleRequest } from './bundle.ts';
export { listImages, type ListedImage } from './list-images.ts';
export { removeOldImages, type Removed } from './remove-old.ts';
export { obtainNodeImage, type ObtainedNodeImage } from './obtain-node-image.ts';
export { obtainLoadBalancerImage } from './load-balancer.ts';
export { DEFAULT_KUBERNETES, kubernetesVersions } from './versions.ts';
