/** How long work tells what it is doing. Rooms get one passed in; only the command line prints. */
export interface Reporter {
  /** Runs `work` as a named stage; `detail` shows what the stage waits for right now. */
  stage<T>(title: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
  info(text: string): void;
  warn(text: string): void;
}

/** For library users and tests that want no talk. */
export const silentReporter: Reporter = {
  stage: (_title, work) => work(() => undefined),
  info: () => undefined,
  warn: () => undefined,
};
