export { architectureFrom, type Architecture } from './architecture.ts';
export {
  labImagesState,
  obtainLabImages,
  type LabImages,
  type LabImagesRequest,
  type LabImagesState,
} from './lab-images.ts';
export { loadBundle, saveBundle, type BundleManifest } from './bundle.ts';
export { listImages, removeOldImages, type ListedImage, type RemovedImages } from './list-images.ts';
export { obtainNodeImage, type ObtainedNodeImage } from './obtain-node-image.ts';
export { obtainLoadBalancerImage } from './load-balancer.ts';
export { DEFAULT_KUBERNETES, kubernetesVersions } from './versions.ts';
