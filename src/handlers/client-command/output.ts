/**
 * What a script says: on success its last line of output is a JSON object, on failure a line of its error output is
 * `cloudhsm-error <Code> <sentence>`; and `cloudhsm-refused-version <version id>` for each version of a secret with which the HSM refused a login.
 * None ever holds a secret.
 */
export function lastJsonLine(output: string): Readonly<Record<string, unknown>> {
  const line = output.split('\n').reverse().find((text) => text.startsWith('{'));
  return line ? JSON.parse(line) as Record<string, unknown> : {};
}

export function scriptError(errorOutput: string): { code: string; message: string } | undefined {
  const found = /^cloudhsm-error (\w+) (.+)$/m.exec(errorOutput);
  return found ? { code: found[1], message: found[2] } : undefined;
}

export function refusedVersionsIn(errorOutput: string): string[] {
  return [...errorOutput.matchAll(/^cloudhsm-refused-version ([A-Za-z0-9-]+)$/gm)].map(([, version]) => version);
}
