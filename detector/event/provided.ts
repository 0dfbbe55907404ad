/** What a set of sources can say: the loader reports each rule that needs more by name. */
export interface Provision {
  /** Event types that are delivered. */
  readonly eventTypes: ReadonlySet<string>;
  /** Fields that are filled; a field with arguments is listed without them. */
  readonly fields: ReadonlySet<string>;
  /** Names that `evt.arg` knows, over all event types. */
  readonly eventArguments: ReadonlySet<string>;
}
