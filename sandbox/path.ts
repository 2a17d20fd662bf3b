import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The full path of the program called `name` on the PATH; undefined when there is none that we may run. */
export async function which(name: string, path: string = process.env['PATH'] ?? ''): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter(Boolean)) {
    const candidate = join(directory, name);
    const runnable = await access(candidate, constants.X_OK).then(() => true, () => false);
    if (runnable) return candidate;
  }
  return undefined;
}
