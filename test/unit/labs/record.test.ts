import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord, writeRecord } from '../../../labs/record.ts';
import { labRecord } from '../../support/lab-record.ts';

const RECORD = labRecord({ audit: 'both' });

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
