import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFreshPicture } from '../../../labs/fresh-picture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-fresh-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['of a lab that came up before there were such', undefined, /older versions of kubedrill took none/],
  ['in the words of another version', '{"format":0,"snapshot":{}}', /another version of kubedrill/],
  ['that was cut off', '{"format":1,"snap', /cannot be read/],
])('a picture %s is none, and says why', async (_which, text, why) => {
  if (text !== undefined) await writeFile(join(folder, 'fresh.json'), text);
  expect(await loadFreshPicture({ folder })).toEqual({ kind: 'none', why: expect.stringMatching(why) as string });
});

test('a picture that can be read is there with the cluster that it is of', async () => {
  const snapshot = { apiVersion: 'kubedrill/v1', takenAt: '', nodes: [], objects: {} };
  await writeFile(join(folder, 'fresh.json'), JSON.stringify({ format: 1, clusterId: 'one', snapshot }));
  expect(await loadFreshPicture({ folder })).toEqual({ kind: 'taken', clusterId: 'one', snapshot });
});
