import type { DoctorCheck } from '../check.ts';

export const portsCheck: DoctorCheck = {
  id: 'ports',
  look: ({ loopbackFailure }) => [
    {
      id: 'ports',
      says: 'ports can be opened on the loopback address',
      ok: loopbackFailure === undefined,
      observed: loopbackFailure ?? 'one was opened; labs take free ones by chance',
      severity: 'required',
    },
  ],
};
