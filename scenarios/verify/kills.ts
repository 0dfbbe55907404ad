/** A place in which a command's process is ended by SIGKILL. */
export interface Kill {
  readonly command: 'start' | 'grade' | 'stop';
  /** The last word of the round's name. */
  readonly at: string;
  /** The stage as the command announces it. */
  readonly stage: string;
  /** How long after the stage began; into the middle of those that do one thing after the other. */
  readonly afterMs: number;
}

/** Every stage of a run, and the middle of those that change the lab. */
export const KILLS: readonly Kill[] = [
  { command: 'start', at: 'picture', stage: 'Taking a picture of the lab', afterMs: 0 },
  { command: 'start', at: 'setup', stage: 'Setting up', afterMs: 0 },
  { command: 'start', at: 'mid-setup', stage: 'Setting up', afterMs: 400 },
  { command: 'start', at: 'steady', stage: 'Waiting for a steady state', afterMs: 0 },
  { command: 'start', at: 'break', stage: 'Breaking the lab', afterMs: 0 },
  { command: 'start', at: 'mid-break', stage: 'Breaking the lab', afterMs: 250 },
  { command: 'start', at: 'symptom', stage: 'Waiting for the symptom', afterMs: 0 },
  { command: 'grade', at: 'look', stage: 'Looking', afterMs: 0 },
  { command: 'stop', at: 'nodes', stage: 'Looking after the nodes', afterMs: 0 },
  { command: 'stop', at: 'undo', stage: 'Taking back what was done', afterMs: 0 },
  { command: 'stop', at: 'mid-undo', stage: 'Taking back what was done', afterMs: 300 },
  { command: 'stop', at: 'proof', stage: 'Proving that nothing is left', afterMs: 0 },
];
