/** The bytes are no binary recording, or one that was cut or damaged. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}
