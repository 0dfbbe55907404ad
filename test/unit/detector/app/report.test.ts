import { Incidents } from '../../../../detector/app/incidents.ts';
import { problemsIn, statsFrom, type ReportInput } from '../../../../detector/app/report.ts';

/** A sensor that has not reported yet. */
const PIPELINE: ReportInput['pipeline'] = {
  events: 5,
  auditEvents: 6,
  auditRepeated: 0,
  processes: 7,
  isTreeComplete: true,
  unknownProcesses: 0,
  malformedFrames: 0,
  undecided: 0,
  judgedWithoutFacts: 0,
  undecidedOverflow: 0,
};

const HEALTHY: ReportInput = {
  node: 'node-1',
  run: 'r',
  startedAtMs: 1,
  rules: { hash: 'h', loaded: 2, enabled: 1, sources: {}, warnings: [] },
  isConnected: true,
  sensorTrouble: undefined,
  pipeline: { ...PIPELINE, heartbeatAgeMs: 400 },
  pods: { pods: 3, isListed: true },
  audit: { events: 6, badJson: 1, overlong: 2, tooHeavy: 1, rotations: 0 },
  auditWebhook: undefined,
  alerts: { raised: 1, oldestKept: 1 },
  latency: { count: 1, p50Ms: 2, p99Ms: 2 },
  incidents: [],
  losses: new Incidents(() => new Date(0)).totals(),
  engineRssBytes: 10,
  reload: { generation: 1, loadedAtMs: 1, refused: 0 },
  outputs: [],
};

const problems = (input: ReportInput, hasApiServer = true): readonly string[] =>
  problemsIn(statsFrom(input), { isTreeComplete: input.pipeline.isTreeComplete, hasApiServer });

describe('the state of a detector', () => {
  test('is fine when all its sources are there', () => {
    expect(problems(HEALTHY)).toEqual([]);
    expect(statsFrom(HEALTHY).drops).toMatchObject({ auditBadJson: 1, auditOverlong: 3, ringFull: 0 });
  });

  test('is not fine while a change of the configuration is refused', () => {
    const says = 'the configuration of 10:00:00 was refused';
    const reload = { ...HEALTHY.reload, refused: 1, refusal: { atMs: 1, says, problems: ['x'] } };
    expect(problems({ ...HEALTHY, reload })).toEqual([says]);
  });

  test('shows every cause of losses', () => {
    const losses = { ...HEALTHY.losses, outputAlerts: 10, truncated: 3 };
    expect(statsFrom({ ...HEALTHY, losses }).drops).toMatchObject({ outputAlerts: 10, truncated: 3, sensorSilent: 0 });
  });

  test('is not fine where the webhook alone should tell of requests and has told of none', () => {
    const alone = (accepted: number): ReportInput => ({
      ...HEALTHY,
      audit: undefined,
      auditWebhook: { accepted } as ReportInput['auditWebhook'],
    });
    expect(problems(alone(0))).toEqual(['no audit events have come to the webhook yet']);
    expect(problems(alone(1))).toEqual([]);
    expect(problems({ ...alone(0), audit: HEALTHY.audit })).toEqual([]);
    expect(problems(alone(0), false)).toEqual([]);
  });

  test('is fine without an audit log where there is no API server', () => {
    expect(problems({ ...HEALTHY, audit: undefined })).toEqual([]);
  });

  test.each<[string, Partial<ReportInput>, string]>([
    [
      'the sensor is not there',
      { isConnected: false, sensorTrouble: 'connect ENOENT' },
      'no connection to the sensor: connect ENOENT',
    ],
    ['the sensor has never reported', { pipeline: PIPELINE }, 'no heartbeat of the sensor yet'],
    [
      'the sensor is silent',
      { pipeline: { ...HEALTHY.pipeline, heartbeatAgeMs: 3_400 } },
      "the sensor's last heartbeat is 3.4 s old",
    ],
    [
      'processes are not known',
      { pipeline: { ...HEALTHY.pipeline, isTreeComplete: false } },
      'the existing processes are not read in yet',
    ],
    [
      'pods are not known',
      { pods: { pods: 0, isListed: false, trouble: 'ECONNREFUSED' } },
      'the pods of the node are not known: ECONNREFUSED',
    ],
    [
      'the audit log is not readable',
      { audit: { events: 0, badJson: 0, overlong: 0, tooHeavy: 0, rotations: 0, trouble: 'EACCES' } },
      'the audit log is not being read: EACCES',
    ],
  ])('says so when %s', (_title, change, says) => {
    expect(problems({ ...HEALTHY, ...change })).toEqual([says]);
  });

  test('stays fine while the API server is away, as what is known of pods stays known', () => {
    expect(problems({ ...HEALTHY, pods: { pods: 3, isListed: true, trouble: 'ECONNREFUSED' } })).toEqual([]);
  });
});
