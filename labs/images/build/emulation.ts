import { architectureFrom, type Architecture } from '../architecture.ts';
import type { BuildTool } from './stage.ts';

/** What the programs of an architecture need to run on this machine, beside the machine. */
export function emulationFor(arch: Architecture): readonly BuildTool[] {
  return arch === architectureFrom({}, process.arch) ? [] : [`${arch}-emulation`];
}
