export { PRIORITIES, type Alert, type Priority } from './types.ts';
