import type { AlertDocument } from './alert-document.ts';

/** Where an output's alerts end up. One alert is delivered at a time, in order. */
export interface Sink {
  /**
   * Hands the alert over; rejects when that did not work. With a DeliveryRefused it makes no sense to try again.
   * Gives up when the signal is aborted.
   */
  deliver(alert: AlertDocument, signal: AbortSignal): Promise<void>;
  /** A file is closed, put aside when it is still in place, and begun again. */
  reopen?(): void;
  close(): Promise<void>;
}

/** The receiver does not want this alert, now or later. */
export class DeliveryRefused extends Error {}
