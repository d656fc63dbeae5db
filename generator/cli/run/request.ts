/** What `run` was asked. */
export interface GuestRequest {
  /** The path of a core module, or of a component. */
  readonly guest: string;
  readonly args: readonly string[];
  readonly folders: readonly string[];
  readonly variables: readonly string[];
  /** A profile, or the path of a JSON file; undefined: the default. */
  readonly policy: string | undefined;
  /** Each `name=number`, with commas between. */
  readonly limits: readonly string[];
  /** Each `MODULE=file`. */
  readonly links: readonly string[];
  /** Whether to print what the guest used. */
  readonly stats: boolean;
  /** Whether the host has a process of its own. */
  readonly isolated: boolean;
}
