import { AuditSightings } from '../../../../detector/source/audit-sightings.ts';

const event = (auditID: string, stage = 'ResponseComplete') => ({ auditID, stage });

describe('the memory of audit events', () => {
  test('knows an event that comes a second time', () => {
    const sightings = new AuditSightings();
    expect([event('a'), event('b'), event('a')].map((one) => sightings.isNew(one))).toEqual([true, true, false]);
    expect(sightings.repeated).toBe(1);
  });

  test('takes two stages of a request for two events', () => {
    const sightings = new AuditSightings();
    expect(sightings.isNew(event('a', 'ResponseStarted'))).toBe(true);
    expect(sightings.isNew(event('a'))).toBe(true);
  });

  test('takes an event that says not who it is for new, each time', () => {
    const sightings = new AuditSightings();
    expect([{ stage: 'Panic' }, { stage: 'Panic' }].map((one) => sightings.isNew(one))).toEqual([true, true]);
  });

  test('remembers at least as many as it was told, and forgets older ones', () => {
    const sightings = new AuditSightings(10);
    for (let n = 0; n < 100; n++) sightings.isNew(event(String(n)));
    expect(sightings.isNew(event('90'))).toBe(false);
    expect(sightings.isNew(event('0'))).toBe(true);
  });
});
