export { alertJson, replayJson } from './json.ts';
export { isAtLeast, parsePriority } from './priority.ts';
export { PRIORITIES, type Alert, type Priority } from './types.ts';
