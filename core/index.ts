export { ExitCode, KubedrillError, messageOf, usageError, type ErrorParts } from './errors.ts';
export { nearest } from './nearest.ts';
export { elapsedMs, systemClock, type Clock } from './clock.ts';
export { done, notYet, waitFor, type Observation, type WaitOptions } from './wait.ts';
export { silentReporter, type Reporter } from './progress.ts';
export { runSteps, type Step } from './steps.ts';
export { packageRoot, pathsFrom, type Paths } from './paths.ts';
export { API_VERSION, type CheckResult } from './check.ts';
export type { Command, Runner, RunOptions, RunResult } from './exec/runner.ts';
export { RunError, type RunFacts } from './exec/run-error.ts';
export { prettyCommand } from './exec/pretty-command.ts';
export { execaRunner } from './exec/execa-runner.ts';
export type { NodeHandle, NodeRole } from './ports/node-handle.ts';
export { SOCKET_FOLDER, type Channel, type ChannelRequest } from './ports/channel.ts';
export type { Addon, AddonContext, AddonProbe, ToolboxProgram } from './ports/addon.ts';
export type {
  KubeClient,
  KubeCredentials,
  KubeObject,
  ListOptions,
  ObjectMeta,
  ObjectRef,
  PatchKind,
  ResourceType,
} from './kube/port.ts';
export { KubeError } from './kube/error.ts';
export { connectKube } from './kube/client.ts';
