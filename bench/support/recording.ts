import { MapEvent, type FieldMap } from '../../detector/event/map-event.ts';
import { RecordingWriter } from '../../detector/recording/binary/writer.ts';

const HOUR_NS = 3_600_000_000_000n;

/** Frames of a binary recording of the events, so many times. Number and time go on, so that every event is one of its own. */
export function recordingOf(maps: readonly FieldMap[], passes: number): readonly Buffer[] {
  const writer = new RecordingWriter();
  const frames: (Buffer | undefined)[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const [index, fields] of maps.entries()) {
      const number = pass * maps.length + index + 1;
      const timeNs = new MapEvent(fields).timeNs + BigInt(pass) * HOUR_NS;
      frames.push(writer.add({ ...fields, 'evt.num': number, 'evt.rawtime': timeNs }, number));
    }
  }
  frames.push(writer.flush());
  return frames.filter((frame) => frame !== undefined);
}
