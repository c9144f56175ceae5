/** What a tool was started with, as the door on the instance hands it over. */
export interface RunInput {
  /** `cloudhsm-cli`, `configure-cli`, `configure-pkcs11`, … */
  readonly tool: string;
  /** Without the tool's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Contents of the files that the tool may read, by absolute path. A file that is not there is absent. */
  readonly files: Readonly<Record<string, string>>;
  /** Contents of those among them that are no text, in base64. */
  readonly binaries?: Readonly<Record<string, string>>;
  /** The folder it was started in. */
  readonly cwd?: string;
  /** What was typed at prompts so far. */
  readonly answers?: readonly string[];
  /** Of the installed package. */
  readonly version?: string;
}

export interface RunOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files that the tool wrote. */
  readonly files?: ReadonlyArray<{ readonly path: string; readonly mode: number; readonly base64: string }>;
  /** It waits at this prompt and nothing has happened yet: ask, and run again with the answer added. */
  readonly prompt?: { readonly text: string; readonly echo: false };
  /** Emulated milliseconds that this run takes. */
  readonly chargeMs: number;
}
