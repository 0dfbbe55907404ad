import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { KubedrillError, messageOf, packageRoot, type Paths, type ToolboxProgram } from '../../../core/index.ts';
import type { Architecture } from '../architecture.ts';
import { LABEL } from '../labels.ts';
import { fingerprint, folderFingerprint } from './fingerprint.ts';
import type { ImageSpec } from './image-archive.ts';
import { readLayer, writeLayer } from './layer.ts';
import { nodejsStage } from './nodejs.ts';
import { toolsStage } from './node-image.ts';
import { buildRootStage, inRoot } from './root-stage.ts';
import { stageFolder, stageKey, type Stage, type StageWork } from './stage.ts';

/** An image of ours that is preloaded on every node. */
export interface ImagePlan {
  readonly reference: string;
  readonly stages: readonly Stage[];
  /** Once the stages are built. */
  readonly spec: (paths: Paths) => Promise<ImageSpec>;
}

interface BundledProgram {
  readonly name: string;
  readonly text: string;
}

/** Where programs and the sensor are in the toolbox. */
const PROGRAM_FOLDER = 'opt/kubedrill';

/** The toolbox image: Debian with the network tools, Node.js, the sensor, and the programs, each a layer. */
export async function toolboxPlan(programs: readonly ToolboxProgram[], arch: Architecture): Promise<ImagePlan> {
  const bundled = await Promise.all(programs.map(bundle));
  const tools = toolsStage(arch);
  const nodejs = nodejsStage(arch);
  const sensor = sensorStage(arch);
  const top = programsStage(bundled);
  const stages = [tools, nodejs, sensor, top];
  const reference = `kubedrill/toolbox:${fingerprint(stages.map(stageKey))}`;
  return {
    reference,
    stages,
    spec: async (paths) => ({
      ...{ reference: `docker.io/${reference}`, arch, entrypoint: ['/bin/bash'], labels: { [LABEL.kind]: 'toolbox' } },
      layers: [
        await readLayer(stageFolder(tools, paths), 'root'),
        await readLayer(stageFolder(nodejs, paths), 'nodejs'),
        await readLayer(stageFolder(sensor, paths), 'sensor'),
        await readLayer(stageFolder(top, paths), 'programs'),
      ],
    }),
  };
}

/** One file of CommonJS a program, readable, for Node.js 20. */
async function bundle(program: ToolboxProgram): Promise<BundledProgram> {
  try {
    const result = await esbuild({
      entryPoints: [join(packageRoot(), program.entry)],
      absWorkingDir: packageRoot(),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      write: false,
      logLevel: 'silent',
    });
    return { name: program.name, text: result.outputFiles[0]?.text ?? '' };
  } catch (error) {
    throw new KubedrillError({
      what: `could not bundle ${program.entry} for the toolbox image`,
      why: messageOf(error),
      hint: `npx esbuild --bundle --platform=node --format=cjs ${program.entry}`,
      cause: error,
    });
  }
}

function programsStage(programs: readonly BundledProgram[]): Stage {
  return {
    name: 'toolbox-programs',
    title: 'Pack the programs of the toolbox',
    inputs: Object.fromEntries(programs.map(({ name, text }) => [name, fingerprint(text)])),
    needs: [],
    tools: ['tar'],
    diskBytes: 50e6,
    make: async (work) => {
      const root = join(work.folder, 'root');
      await mkdir(join(root, PROGRAM_FOLDER), { recursive: true });
      for (const { name, text } of programs) await writeFile(join(root, PROGRAM_FOLDER, `${name}.js`), text);
      await pack(root, 'programs', work);
    },
  };
}

function sensorStage(arch: Architecture): Stage {
  const source = join(packageRoot(), 'detector', 'sensor');
  const buildRoot = buildRootStage('sensor', 'Make the build root of the sensor', arch);
  return {
    name: `sensor-${arch}`,
    title: 'Compile the sensor',
    inputs: { source: folderFingerprint(source), arch },
    needs: [buildRoot],
    tools: ['tar', 'root'],
    diskBytes: 50e6,
    make: async (work) => {
      const root = join(work.folder, 'root');
      await mkdir(join(root, PROGRAM_FOLDER), { recursive: true });
      const binary = await compile(join(work.resultOf(buildRoot), 'root'), source, work);
      await copyFile(binary, join(root, PROGRAM_FOLDER, 'kubedrill-sensor'));
      await chmod(join(root, PROGRAM_FOLDER, 'kubedrill-sensor'), 0o755);
      await pack(root, 'sensor', work);
    },
  };
}

/** Runs the sensor's own build script inside the build root; answers where the binary is. */
async function compile(buildRoot: string, source: string, work: StageWork): Promise<string> {
  const place = join(buildRoot, 'src');
  await rm(place, { recursive: true, force: true });
  await cp(source, place, { recursive: true });
  await inRoot(buildRoot, '/src/build.sh', ['/src/kubedrill-sensor'], work);
  return join(place, 'kubedrill-sensor');
}

async function pack(root: string, name: string, work: StageWork): Promise<void> {
  await writeLayer({ root, owners: 'root' }, work.folder, name, work.runner);
  await rm(root, { recursive: true });
}
