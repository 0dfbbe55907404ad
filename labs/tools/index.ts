export { DEFAULT_KIND, KIND_FOR_HA, obtainKind } from './kind.ts';
export { obtainKubectl, type KubectlRequest } from './kubectl.ts';
export { type Tool, type ToolDeps } from './tool.ts';
