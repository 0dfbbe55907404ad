import { ENGINE_PACKAGES } from '../../engine/install.ts';
import { startCommands, startEngine, startPlan } from '../../engine/start.ts';
import type { LabDeps } from '../../session.ts';
import { aptFix } from '../apt-fix.ts';
import type { DoctorCheck } from '../check.ts';
import type { Fix } from '../finding.ts';
import type { Machine } from '../machine.ts';

export const engineCheck: DoctorCheck = {
  id: 'engine',
  look: (machine, _need, deps) => {
    const { engine } = machine;
    const fix = fixFor(machine, deps);
    return [
      {
        id: 'engine',
        says: 'a container engine answers',
        ok: engine.kind === 'ready',
        observed: engine.kind === 'ready' ? `Docker ${engine.facts.serverVersion}` : `${engine.kind}: ${engine.why}`,
        severity: 'required',
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  },
};

function fixFor(machine: Machine, deps: LabDeps): Fix | undefined {
  const { engine } = machine;
  switch (engine.kind) {
    case 'ready':
      return undefined;
    case 'refused':
      return { kind: 'manual', says: 'make it one that labs can use', commands: [engine.hint] };
    case 'stopped':
      return hasServer(machine) ? startFix(machine, deps) : installAndStart(machine, deps);
    case 'missing':
      return installAndStart(machine, deps);
  }
}

/** A client alone is not an engine: some systems bring only that. */
function hasServer({ hasEngineServer, hasSystemd }: Machine): boolean {
  return hasEngineServer || hasSystemd;
}

function startFix({ apt, hasSystemd }: Machine, deps: LabDeps): Fix {
  const plan = startPlan(deps.paths.state, hasSystemd);
  const commands = startCommands(plan);
  const says = plan.kind === 'systemd' ? 'start Docker' : 'start dockerd in the background';
  if (!apt.isRoot)
    return { kind: 'manual', says: `${says} (needs root)`, commands: commands.map((line) => `sudo ${line}`) };
  return {
    kind: 'automatic',
    says,
    commands,
    run: async (detail) => {
      await startEngine(deps, detail, plan);
    },
  };
}

function installAndStart(machine: Machine, deps: LabDeps): Fix {
  const install = aptFix(ENGINE_PACKAGES, machine.apt, deps);
  const start = startFix(machine, deps);
  const says = `${install.says}, and ${start.says}`;
  const commands = [...install.commands, ...start.commands];
  if (install.kind === 'manual' || start.kind === 'manual') return { kind: 'manual', says, commands };
  return {
    kind: 'automatic',
    says,
    commands,
    run: async (detail) => {
      await install.run(detail);
      await start.run(detail);
    },
  };
}
