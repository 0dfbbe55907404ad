import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord, writeRecord } from '../../../labs/record.ts';
import type { LabRecord } from '../../../labs/session.ts';

const RECORD: LabRecord = {
  apiVersion: 'kubedrill/v1',
  name: 'lab',
  createdAt: '2026-01-01T00:00:00.000Z',
  topology: 'std',
  addons: 'std',
  cni: 'default',
  audit: 'both',
  kubernetesVersion: '1.35.4',
  kindVersion: '0.33.0',
  images: { node: 'n', toolbox: 't' },
  network: { name: 'kubedrill-lab', bridge: 'kd-1' },
  addresses: {},
  egressGuard: true,
};

describe('what is known of a lab', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-record-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  test('is read as it was written', async () => {
    await writeRecord(folder, RECORD);
    expect(await readRecord(folder)).toEqual(RECORD);
  });

  test('is nothing where there is no lab', async () => {
    expect(await readRecord(folder)).toBeUndefined();
  });

  test('says of a lab of an earlier version that the log tells of requests', async () => {
    await writeRecord(folder, RECORD);
    const file = join(folder, 'lab.json');
    const written = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...written, audit: undefined }));
    expect((await readRecord(folder))?.audit).toBe('log');
  });

  test('that is damaged is named with the way out', async () => {
    await writeFile(join(folder, 'lab.json'), '{"name":');
    await expect(readRecord(folder)).rejects.toMatchObject({
      what: expect.stringContaining('lab.json is damaged'),
      hint: 'kubedrill down, then kubedrill up',
    });
  });
});
